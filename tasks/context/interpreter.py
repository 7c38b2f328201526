"""The Python that a repository runs on, and the oldest that it means to support."""

from __future__ import annotations

import os
import re
from pathlib import Path

from tasks.context.project_files import read_ini, read_text, read_toml, strings, table
from tasks.context.setup_script import setup_arguments

_PLACES = (".venv/bin/python", "venv/bin/python", ".venv/Scripts/python.exe", "venv/Scripts/python.exe")
_LOWER_BOUND = re.compile(r"(>=|~=|==|\^|~|>)\s*(\d+)(?:\.(\d+))?")
_CLASSIFIER = re.compile(r"Programming Language :: Python :: (\d+)\.(\d+)$")

Version = tuple[int, int]


def find_interpreter(root: Path) -> str | None:
    """The interpreter (absolute) of a virtual environment inside the repository.

    The link itself is returned, not its target: the link is what makes Python use the environment.
    """
    for place in _PLACES:
        candidate = root / place
        inside = candidate.parent.resolve().is_relative_to(root.resolve())
        if inside and candidate.is_file() and os.access(candidate, os.X_OK):
            return str(candidate)
    return None


def minimum_python(root: Path) -> Version | None:
    """The lower bound that the project declares; None when it declares none."""
    project = read_toml(root, "pyproject.toml")
    main = table(project, "project")
    poetry = table(project, "tool", "poetry", "dependencies").get("python")
    script = setup_arguments(root)
    bounds = (
        main.get("requires-python"),
        poetry,
        read_ini(root, "setup.cfg").get("options", "python_requires", fallback=None),
        script.get("python_requires"),
    )
    for bound in bounds:
        version = _lower_bound(bound) if isinstance(bound, str) else None
        if version:
            return version
    return _pinned(read_text(root, ".python-version")) or _from_classifiers(
        [*strings(main.get("classifiers")), *strings(script.get("classifiers"))]
    )


def _lower_bound(specifier: str) -> Version | None:
    bounds = []
    for sign, major, minor in _LOWER_BOUND.findall(specifier):
        version = (int(major), int(minor or 0))
        # `>3.8` admits 3.8.1: the minor version itself stays possible
        bounds.append(version if sign != ">" or minor else (version[0] + 1, 0))
    return max(bounds, default=None)


def _pinned(text: str) -> Version | None:
    match = re.match(r"\s*(?:cpython-)?(\d+)\.(\d+)", text)
    return (int(match[1]), int(match[2])) if match else None


def _from_classifiers(classifiers: list[str]) -> Version | None:
    matches = (_CLASSIFIER.match(item.strip()) for item in classifiers)
    return min(((int(match[1]), int(match[2])) for match in matches if match), default=None)
