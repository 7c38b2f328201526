"""Which test files a change can affect, by what imports what."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<base>\.*[\w.]*)[ \t]+import[ \t]+(?P<names>\([^)]*\)|[^\n#]+)"
    r"|import[ \t]+(?P<plain>[^\n#]+))",
    re.MULTILINE,
)
_NAME = re.compile(r"[\w.]+")
_TEST_FILE = re.compile(r"(?:test_.*|.*_test|tests?)\.py")
_SKIPPED = frozenset({"node_modules", "__pycache__", "site-packages", "build", "dist"})


def affected_tests(root: Path, changed: Iterable[str]) -> tuple[str, ...]:
    """Test files below `root` that import a changed file, nearest first; a changed test file is its own.

    Imports are read by pattern, not executed: what is found by name at run time is missed, so all tests still have
    to pass afterwards.
    """
    files = sorted(_python_files(root))
    importers = _importers(root, files)
    distance = dict.fromkeys(changed, 0)
    level = list(distance)
    while level:
        nearer, level = level, []
        for path in nearer:
            for importer in (*importers[path], *_below_conftest(path, files)):
                if importer not in distance:
                    distance[importer] = distance[path] + 1
                    level.append(importer)
    known = set(files)
    tests = [path for path in distance if path in known and _TEST_FILE.fullmatch(PurePosixPath(path).name)]
    return tuple(sorted(tests, key=lambda path: (distance[path], path)))


def _importers(root: Path, files: list[str]) -> defaultdict[str, set[str]]:
    """File to the files that import it."""
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    for path in files:
        for name in _module_names(path):
            by_name[name].add(path)
    importers: defaultdict[str, set[str]] = defaultdict(set)
    for path in files:
        text = (root / path).read_text("utf-8", "replace")
        for name in _imported(path, text):
            for target in by_name.get(name, ()):
                importers[target].add(path)
    return importers


def _module_names(path: str) -> set[str]:
    """The names by which a file may be imported: from any folder above it that may be on the path."""
    parts = list(PurePosixPath(path).with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    whole = ".".join(parts)
    names = {whole, parts[-1] if parts else ""}
    names |= {
        ".".join(parts[at + 1 :]) for at, part in enumerate(parts) if part in ("src", "lib", "python", "tests", "test")
    }
    return names - {""}


def _imported(path: str, text: str) -> Iterator[str]:
    for match in _IMPORT.finditer(text):
        if match["plain"]:
            for clause in match["plain"].split(","):
                yield from _with_parents(clause.split()[0] if clause.split() else "")
            continue
        base = _absolute(path, match["base"])
        yield from _with_parents(base)
        for name in _NAME.findall(match["names"]):
            yield f"{base}.{name}" if base else name


def _absolute(path: str, base: str) -> str:
    """`base` with its leading dots resolved against the folder of `path`."""
    name = base.lstrip(".")
    dots = len(base) - len(name)
    if not dots:
        return name
    parts = PurePosixPath(path).parts[:-dots]
    return ".".join([*parts, *([name] if name else [])])


def _with_parents(name: str) -> Iterator[str]:
    """Importing a module runs the packages that it lies in."""
    parts = [part for part in name.split(".") if part]
    for length in range(1, len(parts) + 1):
        yield ".".join(parts[:length])


def _below_conftest(path: str, files: list[str]) -> Iterator[str]:
    folder, _, name = path.rpartition("/")
    if name == "conftest.py":
        yield from (file for file in files if file.startswith(folder + "/" if folder else ""))


def _python_files(root: Path) -> Iterator[str]:
    todo = [root]
    while todo:
        for entry in todo.pop().iterdir():
            if entry.name.startswith(".") or entry.name in _SKIPPED or entry.is_symlink():
                continue
            if entry.is_dir():
                todo.append(entry)
            elif entry.suffix == ".py":
                yield entry.relative_to(root).as_posix()
