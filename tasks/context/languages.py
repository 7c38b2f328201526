"""Which files are source, which are tests, and in what language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_LANGUAGE_OF = {
    ".py": "Python", ".pyi": "Python", ".js": "JavaScript", ".jsx": "JavaScript", ".mjs": "JavaScript",
    ".cjs": "JavaScript", ".ts": "TypeScript", ".tsx": "TypeScript", ".go": "Go", ".rb": "Ruby", ".java": "Java",
    ".kt": "Kotlin", ".scala": "Scala", ".rs": "Rust", ".c": "C", ".h": "C", ".cc": "C++", ".cpp": "C++",
    ".hpp": "C++", ".cs": "C#", ".php": "PHP", ".swift": "Swift", ".sh": "Shell", ".bash": "Shell", ".sql": "SQL",
    ".ex": "Elixir", ".exs": "Elixir", ".erl": "Erlang", ".pl": "Perl", ".lua": "Lua", ".r": "R",
}  # fmt: skip

_TEST_NAME = re.compile(
    r"(?:test_.*|.*_test|tests|test\d*|conftest)\.py$|.*_test\.(?:go|exs|rb)$|.*_spec\.rb$|test_.*\.rb$"
    r"|.*\.(?:test|spec)\.[cm]?[jt]sx?$|.*Tests?\.(?:java|kt|cs|scala)$|.*\.bats$"
)
_TEST_FOLDERS = frozenset({"tests", "test", "__tests__", "spec", "e2e"})


def language_of(path: str) -> str | None:
    """The language that the file's suffix names; None for any other file."""
    stem, _, suffix = path.rpartition("/")[2].rpartition(".")
    return _LANGUAGE_OF.get(f".{suffix.lower()}") if stem else None


def count_languages(paths: Iterable[str]) -> dict[str, int]:
    """Language to number of files, most first."""
    counts = Counter(language for language in map(language_of, paths) if language)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def is_test(path: str) -> bool:
    """Whether a source file is a test or supports one, by its name or its folder."""
    parts = path.split("/")
    return bool(_TEST_NAME.match(parts[-1])) or not _TEST_FOLDERS.isdisjoint(parts[:-1])


def split_sources(paths: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Source files, then test files."""
    code = [path for path in paths if language_of(path)]
    return tuple(path for path in code if not is_test(path)), tuple(path for path in code if is_test(path))
