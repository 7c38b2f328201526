"""What of a test command decides which tests are collected, for a pytest that runs inside the fork server."""

from __future__ import annotations

from collections.abc import Sequence

_KEPT_WITH_VALUE = frozenset(
    {"-k", "-m", "-c", "-o", "-p", "--rootdir", "--import-mode", "--ignore", "--deselect", "-W"}
)
_KEPT = frozenset({"--doctest-modules", "--pyargs", "--strict-markers", "--doctest-glob"})


def collection_arguments(command: Sequence[str] | None) -> list[str] | None:
    """Paths and selecting options of a pytest command; None when the command runs something else."""
    if command is None:
        return []
    names = [part.rsplit("/", 1)[-1] for part in command]
    start = next((i for i, name in enumerate(names) if name in ("pytest", "py.test", "pytest.exe")), None)
    if start is None:
        return None
    kept: list[str] = []
    rest = list(command[start + 1 :])
    while rest:
        part = rest.pop(0)
        if part in _KEPT_WITH_VALUE and rest:
            kept += [part, rest.pop(0)]
        elif part in _KEPT or part.partition("=")[0] in _KEPT | _KEPT_WITH_VALUE or not part.startswith("-"):
            kept.append(part)
    return kept
