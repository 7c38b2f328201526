"""House style, as a sample of the repository's own files shows it."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal

from tasks.context.outline import FunctionNode, Outline, Sources
from tasks.context.project_files import read_ini, read_text, read_toml, table
from tasks.models import Conventions

_SAMPLE = 24
_QUOTE_SAMPLE = 8
"""Tokenizing is the slow part; a few files tell."""
_AGREEMENT = 0.8
_COMMON_LENGTHS = (79, 88, 100, 120)
_IMPORTS = re.compile(r"^\s*(?:import|from)\s+(logging|structlog|loguru|pytest|unittest)\b", re.MULTILINE)


def read_conventions(root: Path, source_files: Sequence[str], test_files: Sequence[str]) -> Conventions:
    sources = Sources(root)
    sample = [sources.outline(path) for path in _spread(source_files)]
    outlines = [outline for outline in sample if outline is not None]
    lines = [line for outline in outlines for line in outline.lines]
    imports = _count_imports("\n".join(outline.lines) for outline in outlines)
    test_imports = _count_imports(sources.text(path) for path in _spread(test_files))
    return Conventions(
        indent=_indent(lines),
        newline=_newline(root, [outline.path for outline in outlines]),
        line_length=_configured_length(root) or _measured_length(lines),
        quote=_quote(root, outlines[:_QUOTE_SAMPLE]),
        logging=_logging_library(imports),
        type_hints=_mostly(_has_hints, outlines),
        docstrings=_mostly(_has_docstring, outlines),
        test_framework=_test_framework(test_imports, test_files),
    )


def _spread(paths: Sequence[str]) -> list[str]:
    """Python files spread evenly over the listing, so that no one package speaks for all."""
    python = [path for path in paths if path.endswith(".py")]
    step = max(1, len(python) // _SAMPLE)
    return python[::step][:_SAMPLE]


def _count_imports(texts: Iterable[str]) -> Counter[str]:
    return Counter(match[1] for text in texts for match in _IMPORTS.finditer(text))


def _logging_library(imports: Counter[str]) -> Literal["logging", "structlog", "loguru"] | None:
    libraries: tuple[Literal["logging", "structlog", "loguru"], ...] = ("structlog", "loguru", "logging")
    best = max(libraries, key=lambda library: imports[library])
    return best if imports[best] else None


def _test_framework(imports: Counter[str], test_files: Sequence[str]) -> Literal["pytest", "unittest"] | None:
    if not any(path.endswith(".py") for path in test_files):
        return None
    return "unittest" if imports["unittest"] > imports["pytest"] else "pytest"


def _indent(lines: Sequence[str]) -> str:
    """The smallest step that most indented lines share."""
    widths = Counter(len(line) - len(line.lstrip(" ")) for line in lines if line.startswith(" ") and line.strip())
    tabs = sum(line.startswith("\t") for line in lines)
    if tabs > widths.total():
        return "\t"
    by_two = sum(count for width, count in widths.items() if width % 4 == 2)
    return "  " if by_two > widths.total() / 4 else "    "


def _newline(root: Path, paths: Sequence[str]) -> Literal["\n", "\r\n"]:
    raw = [(root / path).read_bytes() for path in paths]
    carriage = sum(data.count(b"\r\n") for data in raw)
    return "\r\n" if carriage > sum(data.count(b"\n") for data in raw) / 2 else "\n"


def _configured_length(root: Path) -> int | None:
    tools = table(read_toml(root, "pyproject.toml"), "tool")
    values: list[object] = [
        table(tools, "ruff").get("line-length"),
        read_toml(root, "ruff.toml").get("line-length"),
        read_toml(root, ".ruff.toml").get("line-length"),
        table(tools, "black").get("line-length"),
    ]
    files = ("setup.cfg", "tox.ini", ".flake8")
    values += [read_ini(root, path).get("flake8", "max-line-length", fallback=None) for path in files]
    in_editorconfig = re.search(r"^\s*max_line_length\s*=\s*(\d+)", read_text(root, ".editorconfig"), re.MULTILINE)
    values.append(in_editorconfig[1] if in_editorconfig else None)
    numbers = (int(value) for value in values if isinstance(value, int) or (isinstance(value, str) and value.isdigit()))
    return next(numbers, 88 if "black" in tools else None)


def _measured_length(lines: Sequence[str]) -> int | None:
    """The common limit under which all but a hundredth of the lines stay; None for a few lines."""
    lengths = sorted(len(line) for line in lines if line.strip())
    if len(lengths) < 50:
        return None
    longest = lengths[int(len(lengths) * 0.99)]
    return next((limit for limit in _COMMON_LENGTHS if longest <= limit), None)


def _quote(root: Path, outlines: Sequence[Outline]) -> Literal["'", '"'] | None:
    tools = table(read_toml(root, "pyproject.toml"), "tool")
    style = table(tools, "ruff", "format").get("quote-style")
    if style in ("single", "double"):
        return "'" if style == "single" else '"'
    counts = Counter(quote for outline in outlines for quote in _quotes("\n".join(outline.lines)))
    total = counts["'"] + counts['"']
    if counts["'"] > total * _AGREEMENT:
        return "'"
    return '"' if counts['"'] > total * _AGREEMENT else None


def _quotes(text: str) -> list[str]:
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return []
    strings = (token.string.lstrip("rRbBuUfF") for token in tokens if token.type == tokenize.STRING)
    return [text[0] for text in strings if not text.startswith(('"""', "'''"))]


def _mostly(holds: Callable[[FunctionNode], bool], outlines: Sequence[Outline]) -> bool:
    """Whether it holds for more than half of the public functions."""
    public = [span.node for outline in outlines for span in outline.functions if not span.node.name.startswith("_")]
    return sum(map(holds, public)) > len(public) / 2


def _has_hints(function: FunctionNode) -> bool:
    arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    return function.returns is not None or any(argument.annotation for argument in arguments)


def _has_docstring(function: FunctionNode) -> bool:
    return ast.get_docstring(function, clean=False) is not None
