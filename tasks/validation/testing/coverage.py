"""How much of a change its tests execute."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import CodeType

from tasks.patches import read_source
from tasks.validation.testing.channel import Results

ChangedLines = Mapping[str, Collection[int]]
"""Path relative to the workspace, to line numbers after the change."""


def trace_request(workspace: Path, changed: ChangedLines) -> tuple[dict[str, str], dict[str, set[int]]]:
    """The variables that ask the runner to trace, and the executable lines among `changed` by absolute path."""
    wanted = {str(workspace / path): _executable(workspace / path) & set(lines) for path, lines in changed.items()}
    wanted = {path: lines for path, lines in wanted.items() if lines}
    return {"MENDFLOW_TRACE": json.dumps({path: sorted(lines) for path, lines in wanted.items()})}, wanted


def covered_share(wanted: Mapping[str, set[int]], results: Results) -> float | None:
    """Share of the wanted lines executed; None when there are none or the runner did not trace."""
    total = sum(map(len, wanted.values()))
    if not total or results.covered is None:
        return None
    return sum(len(results.covered.get(path, set()) & lines) for path, lines in wanted.items()) / total


def _executable(path: Path) -> set[int]:
    """Lines that hold code: no comments, blank lines or docstrings. Empty for what is not Python that parses."""
    if path.suffix != ".py" or not path.is_file():
        return set()
    try:
        module = compile(read_source(path)[0], str(path), "exec", dont_inherit=True, optimize=2)
    except (SyntaxError, ValueError):
        return set()
    return {line for code in _nested(module) for _, _, line in code.co_lines() if line}


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)
