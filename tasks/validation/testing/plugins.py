"""Which of mendflow's own pytest plugins a repository without an environment of its own gets to see."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import entry_points
from pathlib import Path

_DECLARED_IN = (
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
    "tox.ini",
    "pytest.ini",
    "noxfile.py",
    "Pipfile",
    "conftest.py",
)
_REQUIREMENTS = ("*requirements*.txt", "requirements/*.txt")
_MAX_CHARS = 200_000
_OPTIONS = {"pytest-xdist": ("-n ", "--numprocesses", "--dist"), "pytest-cov": ("--cov",)}
"""Options whose spelling does not hold the plugin's name."""


def plugin_variables(workspace: Path, python: str, command: Sequence[str]) -> dict[str, str]:
    """Variables that keep out the plugins which the repository does not name; none for an interpreter of its own.

    A plugin that happens to be installed beside mendflow costs time at every start, and where the repository turns
    warnings into errors, the plugin's warnings fail it.
    """
    if Path(python).parent != Path(sys.executable).parent:
        return {}
    text = "\n".join([" ".join([*command, ""]), *_declarations(workspace)]).lower()
    named = [value for distribution, value in _installed() if _is_named(distribution, text)]
    return {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": ",".join(named)}


def _installed() -> Iterator[tuple[str, str]]:
    """Distribution and module of each plugin beside this interpreter."""
    for point in entry_points(group="pytest11"):
        if point.dist is not None:
            yield point.dist.name.lower().replace("_", "-"), point.value


def _is_named(distribution: str, text: str) -> bool:
    spellings = (distribution, distribution.replace("-", "_"), *_OPTIONS.get(distribution, ()))
    return any(spelling in text for spelling in spellings) or _has_settings(distribution, text)


def _has_settings(distribution: str, text: str) -> bool:
    """Such as `asyncio_mode` of pytest-asyncio."""
    short = distribution.removeprefix("pytest-")
    return any(f"\n{short}_{setting}" in text for setting in ("mode", "default", "method", "func_only"))


def _declarations(workspace: Path) -> Iterator[str]:
    paths = [workspace / name for name in _DECLARED_IN]
    paths += [
        workspace / "tests/conftest.py",
        *(path for glob in _REQUIREMENTS for path in sorted(workspace.glob(glob))),
    ]
    for path in paths:
        if path.is_file():
            yield path.read_text("utf-8", "replace")[:_MAX_CHARS]
