"""What a test command means: which runner, which interpreter, which words choose the tests."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Literal

from tasks.errors import TestCommandError

Runner = Literal["pytest", "unittest", "other"]

_PYTHON = re.compile(r"python[\d.]*|py")
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
_ENVIRONMENT_TOOLS = frozenset({"poetry", "uv", "pipenv", "pdm", "rye", "hatch"})
_TAKES_A_VALUE = frozenset(
    [
        "-c",
        "-k",
        "-m",
        "-o",
        "-p",
        "-r",
        "-W",
        "-n",
        "--maxfail",
        "--tb",
        "--durations",
        "--cov",
        "--cov-config",
        "--cov-report",
        "--rootdir",
        "--confcutdir",
        "--ignore",
        "--ignore-glob",
        "--deselect",
        "--basetemp",
        "--junitxml",
        "--junit-xml",
        "--import-mode",
        "--log-level",
        "--log-cli-level",
        "--timeout",
        "--dist",
        "--numprocesses",
        "--color",
        "--capture",
        "--override-ini",
    ]
)


@dataclass(frozen=True)
class TestCommand:
    """A command as it is run; `options` and `targets` are the words after the runner's name."""

    __test__ = False

    runner: Runner
    start: tuple[str, ...]
    """The words up to and including the runner's name."""
    options: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    """Variables that the command itself sets (`NAME=value pytest`)."""


def parse_command(command: Sequence[str], python: str, workspace: Path) -> TestCommand:
    """`command` with its interpreter resolved to `python`; tools that only choose an environment are dropped."""
    words = list(command)
    environment: dict[str, str] = {}
    while words and (match := _ASSIGNMENT.fullmatch(words[0])):
        environment[match[1]] = match[2]
        words.pop(0)
    if len(words) > 2 and words[0] in _ENVIRONMENT_TOOLS and words[1] == "run":
        words = words[2:]
    if not words:
        raise TestCommandError("the test command is empty; name one, such as `python -m pytest`")
    name = PurePath(words[0]).name
    if name in ("pytest", "py.test"):
        words = [python, "-m", "pytest", *words[1:]]
    elif _PYTHON.fullmatch(name):
        words = [python if words[0] == name else words[0], *words[1:]]
    return _split(words, environment, workspace)


def _split(words: list[str], environment: dict[str, str], workspace: Path) -> TestCommand:
    for runner in ("pytest", "unittest"):
        if len(words) > 2 and words[1:3] == ["-m", runner] and _PYTHON.fullmatch(PurePath(words[0]).name):
            rest = words[3:]
            targets = _targets(rest, workspace) if runner == "pytest" else []
            options = [word for at, word in enumerate(rest) if at not in targets]
            chosen = [rest[at] for at in targets]
            return TestCommand(runner, tuple(words[:3]), tuple(options), tuple(chosen), environment)
    return TestCommand("other", tuple(words), environment=environment)


def _targets(words: Sequence[str], workspace: Path) -> list[int]:
    """Positions of the words that name tests: existing paths or node ids that are no option's value."""
    positions = []
    for at, word in enumerate(words):
        is_value = at > 0 and words[at - 1] in _TAKES_A_VALUE
        if not word.startswith("-") and not is_value and (workspace / word.partition("::")[0]).exists():
            positions.append(at)
    return positions
