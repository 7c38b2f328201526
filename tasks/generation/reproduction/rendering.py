"""Bodies as test files: many in one file for the search, one in a file of its own for keeps."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from tasks.generation.crash.source import SourceFile
from tasks.generation.reproduction.bodies import Body

BATCH_NAME = "test_mendflow_variants.py"
_PREFIX = "test_mendflow_"


def batch_path(home: SourceFile) -> str:
    """Beside the file that the bodies come from, so that the same `conftest.py` and relative imports hold."""
    return str(PurePosixPath(home.path).with_name(BATCH_NAME))


def render_batch(home: SourceFile, bodies: Sequence[Body]) -> str:
    """`home` without its tests, followed by one test for each body, numbered."""
    imports = dict.fromkeys(line for body in bodies for line in (*body.imports, *library_imports(body)))
    parts = [_without_tests(home)]
    # An import that does not hold must not take the other bodies along.
    parts += [f"try:\n    {line}\nexcept ImportError:\n    pass" for line in imports]
    parts += [render_function(body, f"{_PREFIX}{number:04d}") for number, body in enumerate(bodies)]
    return "\n\n\n".join(parts) + "\n"


def library_imports(body: Body) -> list[str]:
    """Imports of the standard modules that made-up values name, such as `dt.datetime(2026, 1, 2)`."""
    modules = {"dt": "import datetime as dt", "decimal": "import decimal"}
    return [line for name, line in modules.items() if re.search(rf"\b{name}\.[a-zA-Z]+\(", body.text)]


def number_of(node: str) -> int | None:
    found = re.search(rf"{_PREFIX}(\d+)", node)
    return int(found.group(1)) if found else None


def _owner_name(number: int) -> str:
    return f"TestMendflow{number:04d}"


def _without_tests(home: SourceFile) -> str:
    removed = [
        function
        for function in home.functions
        if function.name.startswith("test") and isinstance(home.parent(function), ast.Module | ast.ClassDef)
    ]
    text_lines = home.text.splitlines()
    for node in sorted(removed, key=lambda node: -node.lineno):
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        indent = " " * node.col_offset
        # A class may not be left empty.
        text_lines[first - 1 : node.end_lineno] = [f"{indent}pass"] if node.col_offset else []
    return "\n".join(text_lines)


def render_function(body: Body, name: str, lines: Sequence[str] | None = None, docstring: str = "") -> str:
    """The body as a test function, inside a subclass of its class where it has one."""
    parameters = (["self"] if body.owner is not None else []) + list(body.fixtures)
    head = f"{'async ' if body.asynchronous else ''}def {name}({', '.join(parameters)}):"
    inner = list(lines if lines is not None else body.text.splitlines()) or ["pass"]
    if docstring:
        inner = [f'"""{docstring}"""', *inner]
    decorators = [f"@{ast.unparse(decorator)}" for decorator in body.decorators]
    block = [*decorators, head, *("    " + line if line else line for line in inner)]
    if body.owner is None:
        return "\n".join(block)
    number = number_of(name)
    title = _owner_name(number) if number is not None else _class_title(name)
    return "\n".join([f"class {title}({body.owner.name}):", *("    " + line if line else line for line in block)])


def _class_title(name: str) -> str:
    return "Test" + "".join(part.title() for part in name.removeprefix("test_").split("_"))


def requote(text: str, quote: str) -> str:
    """String literals with the quote that the repository prefers, where that needs no escape."""
    if quote != '"':
        return text
    lines = text.splitlines(keepends=True)
    replaced: list[tuple[int, int, int, str]] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        plain = (
            re.fullmatch(r"([bB]?)'((?:[^'\"\\]|\\[^'\"])*)'", token.string) if token.type == tokenize.STRING else None
        )
        if plain and token.start[0] == token.end[0]:
            replaced.append((token.start[0], token.start[1], token.end[1], f'{plain.group(1)}"{plain.group(2)}"'))
    for line, start, end, literal in reversed(replaced):
        old = lines[line - 1]
        lines[line - 1] = old[:start] + literal + old[end:]
    return "".join(lines)


def needed_imports(home: SourceFile, text: str) -> tuple[list[str], list[str]]:
    """Import lines of `home` that the names in `text` need, and its other top-level definitions that they need."""
    definitions: dict[str, ast.stmt] = {}
    for statement in home.tree.body:
        for name in _bound_names(statement):
            definitions[name] = statement
    pending = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)} | _fixture_names(text)
    pending |= {name for name, node in definitions.items() if _is_autouse(node)}
    chosen: dict[int, ast.stmt] = {}
    names_wanted: set[str] = set()
    while pending:
        name = pending.pop()
        names_wanted.add(name)
        node = definitions.get(name)
        if node is None or id(node) in chosen:
            continue
        chosen[id(node)] = node
        if not isinstance(node, ast.Import | ast.ImportFrom):
            used = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
            used |= {inner.arg for inner in ast.walk(node) if isinstance(inner, ast.arg)}
            pending |= used - names_wanted
    ordered = sorted(chosen.values(), key=lambda node: node.lineno)
    imports = [_trimmed_import(node, names_wanted) for node in ordered if isinstance(node, ast.Import | ast.ImportFrom)]
    others = [_definition(home, node) for node in ordered if not isinstance(node, ast.Import | ast.ImportFrom)]
    return imports, others


def _definition(home: SourceFile, node: ast.stmt) -> str:
    if isinstance(node, ast.ClassDef) and any(_is_test(item) for item in node.body):
        return _class_without_tests(home, node)
    return "\n".join(home.lines_of(_first_line(node), node))


def _is_test(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test")


def _class_without_tests(home: SourceFile, node: ast.ClassDef) -> str:
    kept = [item for item in node.body if not _is_test(item)]
    head = (
        f"class {node.name}({', '.join(ast.unparse(base) for base in node.bases)}):"
        if node.bases
        else f"class {node.name}:"
    )
    body = [line for item in kept for line in [*home.lines_of(_first_line(item), item), ""]]
    return "\n".join([head, *("    " + line if line else "" for line in (body or ["pass"]))]).rstrip()


def _first_line(node: ast.stmt) -> ast.stmt:
    decorators = getattr(node, "decorator_list", [])
    if not decorators:
        return node
    return ast.Pass(lineno=decorators[0].lineno, col_offset=0, end_lineno=decorators[0].lineno, end_col_offset=0)


def _fixture_names(text: str) -> set[str]:
    return {node.arg for node in ast.walk(ast.parse(text)) if isinstance(node, ast.arg)}


def _is_autouse(node: ast.stmt) -> bool:
    return any("autouse=True" in ast.unparse(decorator) for decorator in getattr(node, "decorator_list", []))


def _bound_names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [(alias.asname or alias.name).split(".")[0] for alias in node.names]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    return [name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)]


def _trimmed_import(node: ast.Import | ast.ImportFrom, wanted: Iterable[str]) -> str:
    kept = [alias for alias in node.names if (alias.asname or alias.name).split(".")[0] in wanted]
    trimmed = ast.Import(kept) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, kept, node.level)
    return ast.unparse(trimmed)
