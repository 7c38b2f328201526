"""How a repository's tests are run, as its own files say."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from tasks.context.project_files import read_ini, read_json, read_text, read_toml, table

_SHELL_SIGNS = re.compile(r"[;&|<>$`*?~]|^\w+=")
_PYTEST_NAME = re.compile(r"(?:test_.*|.*_test)\.py$")
_UNITTEST_NAME = re.compile(r"tests?.*\.py$")
_MAKE_TARGET = re.compile(r"^(test|tests|check)\s*:(?!=)", re.MULTILINE)


@dataclass(frozen=True)
class Testing:
    __test__ = False  # not a test class, whatever pytest thinks of the name

    command: tuple[str, ...] | None
    notes: tuple[str, ...] = ()


def find_testing(root: Path, files: tuple[str, ...], test_files: tuple[str, ...]) -> Testing:
    """The command that runs the tests; None, with a note that says so, when there are none.

    `python` as the first word stands for whatever interpreter the run uses. pytest is preferred for unittest suites
    too: it runs them, and it names each test.
    """
    configured = _configured(root)
    if configured:
        return Testing(configured)
    command = _python_command(root, files, test_files) or _other_command(root, files, test_files)
    hints = tuple(_hints(root, frozenset(files)))
    if command:
        return Testing(command)
    return Testing(None, ("no tests were found; name a test command if there are any", *hints))


def split_command(text: str) -> tuple[str, ...]:
    """The words of a command line; one that needs a shell is given to one."""
    try:
        words = tuple(shlex.split(text))
    except ValueError:  # an open quote: let the shell complain where a person sees it
        return ("sh", "-c", text)
    return ("sh", "-c", text) if _SHELL_SIGNS.search(text) else words


def _configured(root: Path) -> tuple[str, ...] | None:
    own = read_toml(root, "mendflow.toml").get("test_command")
    value = own or table(read_toml(root, "pyproject.toml"), "tool", "mendflow").get("test_command")
    if isinstance(value, str) and value.strip():
        return split_command(value)
    if isinstance(value, list) and value and all(isinstance(word, str) for word in value):
        return tuple(value)
    return None


def _python_command(root: Path, files: tuple[str, ...], test_files: tuple[str, ...]) -> tuple[str, ...] | None:
    names = [path.rpartition("/")[2] for path in test_files if path.endswith(".py")]
    if not names:
        return None
    pytest_configured = _configures_pytest(root)
    if pytest_configured or any(_PYTEST_NAME.match(name) for name in names):
        if "manage.py" in files and not pytest_configured:
            return ("python", "manage.py", "test")  # Django's runner makes the database and the settings
        return ("python", "-m", "pytest", "-q")
    if any(_UNITTEST_NAME.match(name) for name in names):
        if "manage.py" in files:
            return ("python", "manage.py", "test")
        return ("python", "-m", "unittest", "discover", "-p", "test*.py")
    return None


def _configures_pytest(root: Path) -> bool:
    return (
        bool(table(read_toml(root, "pyproject.toml"), "tool", "pytest"))
        or (root / "pytest.ini").is_file()
        or read_ini(root, "setup.cfg").has_section("tool:pytest")
        or read_ini(root, "tox.ini").has_section("pytest")
    )


def _other_command(root: Path, files: tuple[str, ...], test_files: tuple[str, ...]) -> tuple[str, ...] | None:
    script = table(read_json(root, "package.json"), "scripts").get("test")
    if isinstance(script, str) and script.strip() and "no test specified" not in script:
        return ("npm", "test")
    if "go.mod" in files and any(path.endswith("_test.go") for path in test_files):
        return ("go", "test", "./...")
    return None


def _hints(root: Path, files: frozenset[str]) -> list[str]:
    hints = [f"{name} is there: it may run tests" for name in ("tox.ini", "noxfile.py") if name in files]
    target = _MAKE_TARGET.search(read_text(root, "Makefile")) if "Makefile" in files else None
    return [*hints, f"the Makefile has a target `{target[1]}`"] if target else hints
