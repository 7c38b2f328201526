"""JSON, YAML and TOML that no longer parse, or that give one key twice."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator

import yaml

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.source import Source

_TEMPLATE_MARKS = ("{{", "{%", "<%")
_WITH_COMMENTS = ("tsconfig", "jsconfig", ".jsonc", "settings.json", "launch.json", "devcontainer.json", ".eslintrc")


class _Loader(yaml.SafeLoader):
    """Takes tags of any application, as only the form is judged."""


_Loader.add_multi_constructor("", lambda loader, suffix, node: None)


def check_data_files(source: Source, house: House) -> Iterator[ValidationIssue]:
    parse = _PARSERS.get(source.language)
    if parse is None or source.is_fixture or any(mark in source.text for mark in _TEMPLATE_MARKS):
        return
    try:
        parse(source)
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        message = f"is no valid {source.language.upper()}: {_first_line(error)}"
        yield source.issue(
            Level.SYNTAX, f"invalid-{source.language}", "error", _line_of(error), message, "mend its syntax"
        )


def _json(source: Source) -> None:
    if not any(mark in source.path for mark in _WITH_COMMENTS):
        json.loads(source.text, object_pairs_hook=_without_twins)


def _without_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twin = next(key for number, (key, _) in enumerate(pairs) if key in dict(pairs[:number]))
        raise ValueError(f"the key {twin!r} is given twice")
    return found


def _yaml(source: Source) -> None:
    for _ in yaml.load_all(source.text, _Loader):
        pass


def _toml(source: Source) -> None:
    tomllib.loads(source.text)


_PARSERS: dict[str, Callable[[Source], None]] = {"json": _json, "yaml": _yaml, "toml": _toml}


def _first_line(error: Exception) -> str:
    text = getattr(error, "problem", None) or str(error) or type(error).__name__
    return str(text).splitlines()[0][:160]


def _line_of(error: Exception) -> int | None:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark is not None else getattr(error, "lineno", None)
