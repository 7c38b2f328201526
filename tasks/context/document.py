"""JSON and YAML from strangers, read within bounds on size and depth, ambiguities refused."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable

import yaml

from tasks.errors import IncidentError

MAX_DEPTH = 64
MAX_YAML_BYTES = 5 * 1024 * 1024
"""YAML is read a hundred times slower than JSON; long logs belong into JSON."""

_BOMS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_STRINGS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)


def decode_utf8(raw: bytes, name: str) -> str:
    """The text of `raw`, a byte order mark aside. Raises IncidentError when it is empty or not UTF-8."""
    if raw[:2] in _BOMS:
        raise IncidentError(f"{name}: this is {_BOMS[raw[:2]]}, not UTF-8; save it as UTF-8")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise IncidentError(f"{name}: not UTF-8 (byte {error.start} is 0x{raw[error.start]:02x})") from None
    if not text.strip():
        raise IncidentError(f"{name}: empty; expected JSON or YAML")
    return text


def parse_document(raw: bytes, name: str) -> object:
    """The JSON or YAML value in `raw`; which of them it is follows from its first character.

    Raises IncidentError of one line that names `name` and, where known, line and column.
    """
    text = decode_utf8(raw, name)
    if text.lstrip()[0] in "{[" and not name.lower().endswith((".yaml", ".yml")):
        return parse_json(text, name)
    if len(raw) > MAX_YAML_BYTES:
        raise IncidentError(
            f"{name}: {len(raw):,} bytes of YAML, more than {MAX_YAML_BYTES:,}; use JSON for large incidents"
        )
    return _parse_yaml(text, name)


def parse_json(text: str, name: str) -> object:
    """The JSON value in `text`. Raises IncidentError, also for NaN, Infinity and a key given twice."""
    _refuse_depth(text, name)
    problems: list[str] = []

    def constant(word: str) -> None:
        problems.append(f"{word} is not JSON")

    def number(digits: str) -> float:
        value = float(digits)
        if value in (float("inf"), float("-inf")):
            problems.append(f"number {digits[:40]} is too large")
        return value

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        value = dict(items)
        if len(value) < len(items):
            keys = [key for key, _ in items]
            problems.append(f"key {next(key for key in keys if keys.count(key) > 1)[:80]!r} is given twice")
        return value

    try:
        value: object = json.loads(text, parse_constant=constant, parse_float=number, object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        cut_off = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
        reason = f"{error.msg.removesuffix(' starting at')} at line {error.lineno}, column {error.colno}"
        raise IncidentError(f"{name}: not valid JSON: {reason}{' (is it cut off?)' if cut_off else ''}") from None
    except ValueError as error:  # an integer of thousands of digits
        raise IncidentError(f"{name}: not valid JSON: {str(error).partition(';')[0]}") from None
    if problems:
        raise IncidentError(f"{name}: not valid JSON: {'; '.join(sorted(set(problems)))}")
    return value


def _refuse_depth(text: str, name: str) -> None:
    depth = 0
    for bracket in re.findall(r"[\[{}\]]", _STRINGS.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_DEPTH:
            raise IncidentError(f"{name}: nested deeper than {MAX_DEPTH} levels")


class _Loader(yaml.SafeLoader):
    """Plain YAML: no aliases (they can multiply without bound), no key twice, bounded depth."""

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "aliases (*name) are not accepted", None)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise yaml.composer.ComposerError(None, None, f"nested deeper than {MAX_DEPTH} levels", None)
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key {key.value[:80]!r} is given twice", key.start_mark
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def _parse_yaml(text: str, name: str) -> object:
    try:
        value: object = yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        reason = ", ".join(part for part in (error.context, error.problem) if part)
        raise IncidentError(f"{name}: not valid YAML: {reason}{where}") from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise IncidentError(f"{name}: not valid YAML: {str(error).splitlines()[0]}") from None
    return value
