"""What a project says it needs, from every file in which projects say so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tasks.context.project_files import Table, read_ini, read_json, read_text, read_toml, strings, table
from tasks.context.setup_script import setup_arguments
from tasks.models import Dependency

_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(@\s*\S+|\(?[<>=!~][^;#)]*)?")
_REQUIREMENTS_FILE = re.compile(r"(?:.*/)?(?:[\w.-]*requirements[\w.-]*|requirements/[\w.-]+)\.(?:txt|in)$")
_GO_REQUIRE = re.compile(r"^\s*(?:require\s+)?([\w.-]+\.[\w.-]+/\S+)\s+(v\S+)", re.MULTILINE)


def find_dependencies(root: Path, files: Iterable[str]) -> tuple[Dependency, ...]:
    """Declared dependencies in the order of their files, each once a file."""
    found: dict[tuple[str, str], Dependency] = {}
    for path in sorted(files, key=lambda path: (path.count("/"), path)):
        for item in _read(root, path):
            found.setdefault((item.source, item.name.lower()), item)
    return tuple(found.values())


def parse_requirement(line: str, source: str) -> Dependency | None:
    """The dependency that a requirement line such as `requests>=2; python_version > "3"` names."""
    match = _REQUIREMENT.match(line)
    if match is None or line.lstrip().startswith("#"):
        return None
    return Dependency(name=match[1], specifier=(match[2] or "").lstrip("(").strip(), source=source)


def _read(root: Path, path: str) -> Iterator[Dependency]:
    if _REQUIREMENTS_FILE.match(path):
        yield from _requirements(_requirement_lines(read_text(root, path)), path)
    elif path == "pyproject.toml":
        yield from _from_pyproject(read_toml(root, path))
    elif path == "setup.cfg":
        options = read_ini(root, path)
        for section, key in (("options", "install_requires"), ("options.extras_require", None)):
            if options.has_section(section):
                values = [options.get(section, key, fallback="")] if key else list(dict(options[section]).values())
                yield from _requirements((line for value in values for line in value.splitlines()), path)
    elif path == "setup.py":
        arguments = setup_arguments(root)
        extras = arguments.get("extras_require")
        lines = strings(arguments.get("install_requires"))
        lines += [line for group in extras.values() for line in strings(group)] if isinstance(extras, dict) else []
        yield from _requirements(lines, path)
    elif path == "Pipfile":
        pipfile = read_toml(root, path)
        yield from _from_tables((table(pipfile, "packages"), table(pipfile, "dev-packages")), path)
    elif path.rpartition("/")[2] == "package.json":
        package = read_json(root, path)
        yield from _from_tables((table(package, "dependencies"), table(package, "devDependencies")), path)
    elif path.rpartition("/")[2] == "go.mod":
        yield from (
            Dependency(name=m[1], specifier=m[2], source=path) for m in _GO_REQUIRE.finditer(read_text(root, path))
        )


def _requirement_lines(text: str) -> Iterator[str]:
    for line in text.replace("\\\n", " ").splitlines():
        line = line.strip().lstrip("\ufeff")
        if line and not line.startswith(("#", "-", ".", "/", "http:", "https:", "git+", "file:")):
            yield line


def _requirements(lines: Iterable[str], source: str) -> Iterator[Dependency]:
    for line in lines:
        item = parse_requirement(line, source) if line.strip() else None
        if item is not None:
            yield item


def _from_pyproject(project: Table) -> Iterator[Dependency]:
    source = "pyproject.toml"
    main = table(project, "project")
    groups = [*table(main, "optional-dependencies").values(), *table(project, "dependency-groups").values()]
    for lines in (main.get("dependencies"), *groups):
        yield from _requirements(strings(lines), source)
    poetry = table(project, "tool", "poetry")
    grouped = [table(poetry, "group", name, "dependencies") for name in table(poetry, "group")]
    for item in _from_tables((table(poetry, "dependencies"), table(poetry, "dev-dependencies"), *grouped), source):
        if item.name != "python":
            yield item


def _from_tables(tables: Iterable[Table], source: str) -> Iterator[Dependency]:
    for entries in tables:
        for name, value in entries.items():
            version = value.get("version", "") if isinstance(value, dict) else value
            specifier = version if isinstance(version, str) and version != "*" else ""
            yield Dependency(name=name, specifier=specifier, source=source)
