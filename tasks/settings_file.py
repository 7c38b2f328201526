"""Reading a YAML configuration file so that each complaint names its line and the likely spelling."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tasks.errors import ConfigurationError

KeyPath = tuple[str | int, ...]
MAX_DEPTH = 20
"""Deeper than any real configuration; ends an alias that contains itself."""
MAX_BYTES = 1024 * 1024


@dataclass
class SettingsFile:
    """The values of one file and the line on which each key or item stands."""

    path: Path
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[KeyPath, int] = field(default_factory=dict)

    def at(self, line: int, complaint: str) -> str:
        return f"{self.path}:{line}: {complaint}"

    def unknown_key(self, key_path: KeyPath, known: Iterable[str]) -> str:
        """The complaint about a key that means nothing."""
        known = sorted(known)
        name = str(key_path[-1])
        where = f"below {_dotted(key_path[:-1])!r}" if key_path[:-1] else "at the top level"
        close = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"known keys: {', '.join(known)}"
        return self.at(self.lines.get(key_path, 1), f"unknown key {name!r} {where}; {hint}")

    def explain(self, error: ValidationError, model: type[BaseModel]) -> str:
        """The complaint that stands first in the file, and how many follow it."""
        details = sorted(error.errors(include_url=False), key=lambda detail: self._line(detail["loc"]))
        first = details[0]
        more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
        if first["type"] == "extra_forbidden":
            return self.unknown_key(first["loc"], _fields_at(model, first["loc"][:-1])) + more
        return self.at(self._line(first["loc"]), f"{_dotted(first['loc'])}: {_wrong_value(first)}{more}")

    def _line(self, key_path: KeyPath) -> int:
        while key_path and key_path not in self.lines:
            key_path = key_path[:-1]
        return self.lines.get(key_path, 1)


def read_settings_file(path: Path) -> SettingsFile:
    """The file's mapping, empty for an empty file.

    Raises ConfigurationError when it is missing, not UTF-8, not YAML, not a mapping, or names a key twice.
    """
    file = SettingsFile(path)
    loader = yaml.SafeLoader(_read_text(path))
    try:
        node = loader.get_single_node()
        values = None if node is None else _Walk(file, loader).value(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ConfigurationError(file.at(mark.line + 1 if mark else 1, _syntax(error))) from None
    finally:
        loader.dispose()
    if values is not None and not isinstance(values, dict):
        raise ConfigurationError(file.at(1, f"expected keys and values, found a {_kind(values)}"))
    file.values = values or {}
    return file


def _read_text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise ConfigurationError(f"configuration file {str(path)!r}: {reason}") from None
    if len(raw) > MAX_BYTES:
        raise ConfigurationError(f"configuration file {str(path)!r} is larger than {MAX_BYTES} bytes")
    try:
        text = raw.decode("utf-8-sig")
        yaml.reader.Reader(text)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ConfigurationError(f"{path}:{line}: not UTF-8 text") from None
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise ConfigurationError(f"{path}:{line}: character {error.character!r} is not allowed in YAML") from None
    return text


class _Walk:
    """Turns YAML nodes into plain values and notes the line of each."""

    def __init__(self, file: SettingsFile, loader: yaml.SafeLoader) -> None:
        self._file = file
        self._loader = loader

    def value(self, node: yaml.Node, key_path: KeyPath) -> Any:
        line = node.start_mark.line + 1
        self._file.lines.setdefault(key_path, line)
        if len(key_path) > MAX_DEPTH:
            raise ConfigurationError(self._file.at(line, f"nested deeper than {MAX_DEPTH} levels"))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, key_path)
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.value(item, (*key_path, index)) for index, item in enumerate(node.value))
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, key_path: KeyPath) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise ConfigurationError(self._file.at(line, "a key must be a plain word"))
            key = str(key_node.value)
            here = (*key_path, key)
            if key in values:
                first = self._file.lines[here]
                raise ConfigurationError(self._file.at(line, f"{_dotted(here)!r} is already set on line {first}"))
            self._file.lines[here] = line
            values[key] = self.value(value_node, here)
        return values

    def _scalar(self, node: yaml.Node) -> Any:
        try:
            return self._loader.construct_object(node)
        except ValueError as error:
            raise ConfigurationError(self._file.at(node.start_mark.line + 1, str(error))) from None


def _syntax(error: yaml.MarkedYAMLError) -> str:
    problem = " ".join((error.problem or "cannot be parsed").split())
    if "'\\t'" in problem:
        return "a tab where YAML wants spaces; indent with spaces"
    return f"not valid YAML: {problem}"


def _wrong_value(detail: ErrorDetails) -> str:
    value = detail["input"]
    if isinstance(value, dict | tuple):
        return f"expected {_expected(detail)}, found a {_kind(value)}"
    shown = _shown(value)
    if detail["type"] == "literal_error":
        choices = [part.strip("'") for part in str(detail["ctx"]["expected"]).replace(" or ", ", ").split(", ")]
        close = difflib.get_close_matches(str(value).lower(), [choice.lower() for choice in choices], n=1)
        hint = next((f"; did you mean {choice!r}?" for choice in choices if [choice.lower()] == close), "")
        return f"{shown} is not one of {', '.join(choices)}{hint}"
    if detail["type"] in _BOUNDS:
        limit = next(iter(detail["ctx"].values()))
        return f"{shown} is out of range: must be {_BOUNDS[detail['type']]} {limit}"
    return f"expected {_expected(detail)}, found {shown}"


_BOUNDS = {
    "greater_than": "more than",
    "greater_than_equal": "at least",
    "less_than": "less than",
    "less_than_equal": "at most",
}

_EXPECTED = {
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "string_type": "text",
    "tuple_type": "a list",
    "path_type": "a path",
    "string_too_short": "text that is not empty",
    "model_type": "keys and values",
    "literal_error": "a word",
}


def _expected(detail: ErrorDetails) -> str:
    message = detail["msg"].removeprefix("Input should ")
    return _EXPECTED.get(detail["type"]) or f"something that should {message}"


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _kind(value: object) -> str:
    if isinstance(value, dict):
        return "mapping"
    return "list" if isinstance(value, tuple) else f"single value ({_shown(value)})"


def _dotted(key_path: KeyPath) -> str:
    text = ""
    for part in key_path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _fields_at(model: type[BaseModel], key_path: KeyPath) -> list[str]:
    """Names of the keys that the section at `key_path` knows."""
    for part in key_path:
        annotation = model.model_fields[str(part)].annotation
        options = [annotation, *get_args(annotation)]
        model = next(option for option in options if isinstance(option, type) and issubclass(option, BaseModel))
    return list(model.model_fields)
