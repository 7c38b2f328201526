"""New packages: each is code by strangers that will run with the repository's rights."""

from __future__ import annotations

import ast
import configparser
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import PurePosixPath

from tasks.models import Level, RepositoryContext, ValidationIssue
from tasks.validation.change import Change
from tasks.validation.delta import FileChange
from tasks.validation.source import Source

_NAME = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_IMPORT_NAMES = {
    "yaml": "pyyaml", "PIL": "pillow", "cv2": "opencv-python", "sklearn": "scikit-learn", "bs4": "beautifulsoup4",
    "dateutil": "python-dateutil", "dotenv": "python-dotenv", "jwt": "pyjwt", "attr": "attrs", "OpenSSL": "pyopenssl",
    "Crypto": "pycryptodome", "git": "gitpython", "psycopg2": "psycopg2-binary", "MySQLdb": "mysqlclient",
    "google": "google-api-core", "serial": "pyserial", "magic": "python-magic", "zmq": "pyzmq",
    "pkg_resources": "setuptools",
}  # fmt: skip
_SUGGESTION = "do without it, or let a person add it"


def check_dependencies(change: Change) -> Iterator[ValidationIssue]:
    for file in change.files:
        if file.after is not None:
            yield from _declared(file, file.after)
    if change.house.repository is not None:
        for file in change.python_files:
            if file.after is not None:
                yield from _undeclared(file, file.after, change, change.house.repository)


def _declared(file: FileChange, after: Source) -> Iterator[ValidationIssue]:
    old = declared_packages(file.before) if file.before else set()
    if file.before is None and not old:
        return
    for name in sorted(declared_packages(after) - old):
        line = next(
            (n for n, text in enumerate(after.lines, 1) if re.search(rf"\b{re.escape(name)}\b", normal(text))), None
        )
        message = f"adds the dependency {name!r}"
        yield after.issue(Level.SECURITY, "dependency-added", "error", line, message, _SUGGESTION)


def declared_packages(source: Source) -> set[str]:
    """Normalized names of the packages that a file asks to be installed; empty for files that ask for none."""
    name = PurePosixPath(source.path).name
    if re.fullmatch(r"(requirements|constraints)?[\w.-]*requirements[\w.-]*\.(txt|in)|requirements\.txt", name):
        return {normal(m[1]) for line in source.lines if (m := _NAME.match(line.partition("#")[0]))}
    try:
        if name == "pyproject.toml":
            return _of_pyproject(tomllib.loads(source.text))
        if name == "Pipfile":
            tables = tomllib.loads(source.text)
            return {normal(key) for table in ("packages", "dev-packages") for key in tables.get(table, {})}
        if name == "setup.cfg":
            return _of_setup_cfg(source.text)
    except (ValueError, AttributeError, TypeError, configparser.Error):
        return set()
    return _of_setup_script(source) if name == "setup.py" else set()


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _of_pyproject(content: dict[str, object]) -> set[str]:
    found: set[str] = set()
    project = content.get("project")
    tables = [project, content.get("build-system")] if isinstance(project, dict) else [content.get("build-system")]
    for table in tables:
        if isinstance(table, dict):
            found |= _names_in([table.get("dependencies"), table.get("requires"), table.get("optional-dependencies")])
    found |= _names_in(content.get("dependency-groups"))
    tool = content.get("tool")
    poetry = tool.get("poetry") if isinstance(tool, dict) else None
    if isinstance(poetry, dict):
        groups = poetry.get("group")
        tables = [poetry, *(groups.values() if isinstance(groups, dict) else ())]
        keys = ("dependencies", "dev-dependencies")
        found |= {
            normal(str(key)) for table in tables if isinstance(table, dict) for k in keys for key in table.get(k, ())
        }
    return found - {"python"}


def _names_in(value: object) -> set[str]:
    if isinstance(value, str):
        match = _NAME.match(value)
        return {normal(match[1])} if match else set()
    if isinstance(value, dict):
        return {name for item in value.values() for name in _names_in(item)}
    return {name for item in value for name in _names_in(item)} if isinstance(value, list) else set()


def _of_setup_cfg(text: str) -> set[str]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    lists = [parser.get("options", "install_requires", fallback="")]
    if parser.has_section("options.extras_require"):
        lists += parser["options.extras_require"].values()
    return {normal(m[1]) for block in lists for line in block.splitlines() if (m := _NAME.match(line))}


def _of_setup_script(source: Source) -> set[str]:
    asked = (k.value for call in source.calls for k in call.keywords if k.arg in {"install_requires", "extras_require"})
    texts = (
        n.value for value in asked for n in ast.walk(value) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    )
    return {normal(m[1]) for text in texts if (m := _NAME.match(text))}


def _undeclared(
    file: FileChange, after: Source, change: Change, repository: RepositoryContext
) -> Iterator[ValidationIssue]:
    """Imports of a package that is neither declared, nor part of the repository, nor imported by it before."""
    known = {normal(item.name) for item in repository.dependencies}
    if not known or after.is_test:
        return
    earlier = _imported(file.before) if file.before else {}
    for module, node in _imported(after).items():
        if module in earlier or module in sys.stdlib_module_names or _is_own(module, change, repository):
            continue
        if normal(module) not in known and _IMPORT_NAMES.get(module, module) not in known:
            message = f"imports {module!r}, which the repository does not declare as a dependency"
            severity = "warning" if _is_optional(node, after) else "error"
            yield after.issue(Level.SECURITY, "dependency-undeclared", severity, node, message, _SUGGESTION)


def _imported(source: Source) -> dict[str, ast.stmt]:
    found: dict[str, ast.stmt] = {}
    for node in source.nodes:
        if isinstance(node, ast.Import):
            found |= {item.name.partition(".")[0]: node for item in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found[node.module.partition(".")[0]] = node
    return found


def _is_own(module: str, change: Change, repository: RepositoryContext) -> bool:
    paths = (*repository.source_files, *repository.test_files, *(file.path for file in change.files))
    return any(module in PurePosixPath(path).parts or PurePosixPath(path).stem == module for path in paths)


def _is_optional(node: ast.stmt, source: Source) -> bool:
    return any(isinstance(around, ast.Try | ast.If) for around in source.ancestors(node))
