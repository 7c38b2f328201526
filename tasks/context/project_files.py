"""Reading the files in which a project describes itself; what cannot be read counts as absent."""

from __future__ import annotations

import configparser
import json
import tomllib
from pathlib import Path

Table = dict[str, object]

_LARGEST_BYTES = 2 * 1024**2


def read_text(root: Path, path: str) -> str:
    """The file's text, broken bytes replaced; empty when it is absent, a link or too large."""
    target = root / path
    try:
        if target.is_symlink() or not target.is_file() or target.stat().st_size > _LARGEST_BYTES:
            return ""
        return target.read_text("utf-8", "replace")
    except OSError:
        return ""


def read_toml(root: Path, path: str) -> Table:
    try:
        return tomllib.loads(read_text(root, path))
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def read_json(root: Path, path: str) -> Table:
    try:
        loaded = json.loads(read_text(root, path) or "{}")
    except (ValueError, RecursionError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def read_ini(root: Path, path: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(read_text(root, path))
    except configparser.Error:
        return configparser.ConfigParser(interpolation=None)
    return parser


def table(parent: Table, *keys: str) -> Table:
    """The nested table, empty when a step of the way is missing or something else."""
    for key in keys:
        child = parent.get(key)
        if not isinstance(child, dict):
            return {}
        parent = child
    return parent


def strings(value: object) -> list[str]:
    """The strings of a list; empty for anything else."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
