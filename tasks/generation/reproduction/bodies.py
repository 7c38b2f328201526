"""Bodies of tests, as statements that can be changed: the seeds of a search for a reproducing input."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from tasks.generation.crash.project import Project
from tasks.generation.crash.source import Function, SourceFile


@dataclass(frozen=True)
class Body:
    """Statements of one test; never changed in place."""

    statements: tuple[ast.stmt, ...]
    home: SourceFile
    """The test file whose imports, constants, fixtures and helper functions it uses."""
    fixtures: tuple[str, ...] = ()
    owner: ast.ClassDef | None = None
    """The test class whose `setUp` and helpers it uses."""
    asynchronous: bool = False
    decorators: tuple[ast.expr, ...] = ()
    imports: tuple[str, ...] = ()
    """Import lines that it needs besides those of `home`."""
    failure: str = "RuntimeError('simulated')"
    """What the callable named `FAILING` raises, as source text."""
    steps: tuple[str, ...] = field(default=())
    """What was done to the test that it comes from, in words."""

    @property
    def text(self) -> str:
        return "\n".join(ast.unparse(statement) for statement in self.statements)

    def with_statements(self, statements: Iterable[ast.stmt], step: str = "") -> Body:
        steps = (*self.steps, step) if step else self.steps
        return replace(self, statements=tuple(statements), steps=steps)


FAILING = "fail"
MAX_WRITTEN_OUT = 600
"""Characters of a constant beyond which it stays one."""


def with_failing_callable(body: Body) -> Body:
    """The body with a function in front that takes anything and raises `body.failure`."""
    if any(isinstance(statement, ast.FunctionDef) and statement.name == FAILING for statement in body.statements):
        return body
    definition = ast.parse(f"def {FAILING}(*args, **kwargs):\n    raise {body.failure}").body
    return replace(body, statements=(*definition, *body.statements))


def in_temporary_folder(body: Body) -> Body:
    """The body run in a folder of its own, so that relative paths leave nothing behind."""
    if re.search(r"\btmp_?(path|dir)", body.text) or body.owner is not None:
        return body
    fixtures = (*body.fixtures, *(name for name in ("monkeypatch", "tmp_path") if name not in body.fixtures))
    moved = ast.parse("monkeypatch.chdir(tmp_path)").body
    return replace(body, statements=(*moved, *body.statements), fixtures=fixtures)


def with_constants_written_out(body: Body) -> Body:
    """The body with the literals that its file keeps in constants, so that they can be changed."""
    literals: dict[str, ast.expr] = {}
    for node in body.home.tree.body:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        if _is_literal(node.value) and len(body.home.code(node.value)) <= MAX_WRITTEN_OUT:
            literals[node.targets[0].id] = node.value
    used = {node.id for statement in body.statements for node in ast.walk(statement) if isinstance(node, ast.Name)}
    if not used & literals.keys():
        return body
    return replace(body, statements=tuple(_WriteOut(literals).visit(copy.deepcopy(s)) for s in body.statements))


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError):
        return False
    return True


class _WriteOut(ast.NodeTransformer):
    def __init__(self, literals: dict[str, ast.expr]) -> None:
        self.literals = literals

    def visit_Name(self, node: ast.Name) -> ast.expr:
        known = isinstance(node.ctx, ast.Load) and node.id in self.literals
        return copy.deepcopy(self.literals[node.id]) if known else node


def bodies_of(project: Project) -> Iterator[Body]:
    """One body for each test function of the repository, its assertions reduced to what they evaluate."""
    for path in project.test_paths[:200]:
        source = project.file(path)
        if source is None:
            continue
        for function in source.functions:
            if function.name.startswith("test"):
                body = _body_of(source, function)
                if body is not None and body.statements:
                    yield body


def _body_of(source: SourceFile, function: Function) -> Body | None:
    owner = source.parent(function)
    if owner is not source.tree and not isinstance(owner, ast.ClassDef):
        return None
    names = [argument.arg for argument in function.args.args if argument.arg != "self"]
    parameters, assignments = _parametrized(function)
    statements = [*assignments, *(reduced for node in function.body for reduced in _reduced(node))]
    kept = tuple(d for d in function.decorator_list if not _is_parametrize(d))
    return Body(
        statements=tuple(statements),
        home=source,
        fixtures=tuple(name for name in names if name not in parameters),
        owner=owner if isinstance(owner, ast.ClassDef) else None,
        asynchronous=isinstance(function, ast.AsyncFunctionDef),
        decorators=kept,
    )


def _is_parametrize(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("parametrize")


def _parametrized(function: Function) -> tuple[set[str], list[ast.stmt]]:
    """Names that a parametrization sets, and assignments of its first row."""
    names: set[str] = set()
    assignments: list[ast.stmt] = []
    for decorator in function.decorator_list:
        if not _is_parametrize(decorator) or not isinstance(decorator, ast.Call) or len(decorator.args) < 2:
            continue
        listed, rows = decorator.args[:2]
        if (
            isinstance(listed, ast.Constant)
            and isinstance(listed.value, str)
            and isinstance(rows, ast.List | ast.Tuple)
        ):
            names |= {name.strip() for name in listed.value.split(",")}
            if rows.elts:
                assignments += ast.parse(f"{listed.value} = {ast.unparse(rows.elts[0])}").body
    return names, assignments


def _reduced(node: ast.stmt) -> list[ast.stmt]:
    """The statement without what it claims: the calls of an `assert`, the inside of `with pytest.raises`."""
    if isinstance(node, ast.Assert):
        return [ast.Expr(value) for value in _evaluated(node.test)]
    if isinstance(node, ast.With | ast.AsyncWith) and any(
        "aises" in ast.unparse(item.context_expr) for item in node.items
    ):
        return [reduced for inner in node.body for reduced in _reduced(inner)]
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        called = node.value.func
        if isinstance(called, ast.Attribute) and called.attr.startswith("assert"):
            if called.attr.startswith("assertRaises") and len(node.value.args) > 1:
                return [ast.Expr(ast.Call(node.value.args[1], node.value.args[2:], node.value.keywords))]
            return [ast.Expr(value) for argument in node.value.args for value in _evaluated(argument)]
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return []
    return [copy.deepcopy(node)]


def _evaluated(test: ast.expr) -> list[ast.expr]:
    """The outermost calls in an assertion's expression; an assertion without a call says nothing about inputs."""
    if isinstance(test, ast.Call) and not (isinstance(test.func, ast.Name) and test.func.id in _WRAPPERS):
        return [copy.deepcopy(test)]
    if isinstance(test, ast.Await):
        return [copy.deepcopy(test)]
    if isinstance(test, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        return [found for generator in test.generators for found in _evaluated(generator.iter)]
    return [found for child in ast.iter_child_nodes(test) if isinstance(child, ast.expr) for found in _evaluated(child)]


_WRAPPERS = {"len", "list", "sorted", "set", "dict", "isinstance", "sum", "any", "all", "str", "repr", "tuple", "type"}
