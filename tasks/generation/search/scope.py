"""What an operator may use at one place: names, their observed types, conditions, and splicing in good form."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from tasks.generation.search.sources import Edit, FunctionNode, SourceFile, Unit

_ATOMS = (
    ast.Name | ast.Attribute | ast.Subscript | ast.Call | ast.Constant | ast.List | ast.Dict | ast.Set | ast.JoinedStr
)
_TIGHT = ast.BinOp | ast.UnaryOp | ast.BoolOp | ast.Compare | ast.Attribute | ast.Starred | ast.Await | ast.IfExp


@dataclass(frozen=True)
class Change:
    """Edits of one file that belong together, and how likely they are among those of their operator."""

    edits: tuple[Edit, ...]
    weight: float = 1.0


@dataclass(frozen=True)
class Facts:
    """What running and reading the failing tests showed."""

    types: dict[tuple[str, int], dict[str, frozenset[str]]] = field(default_factory=dict)
    """By path and first line of a function: its locals and the names of their types."""
    strings: tuple[str, ...] = ()
    """String constants of the failing tests."""
    numbers: tuple[int | float, ...] = ()
    raises: tuple[tuple[str, str], ...] = ()
    """Exception type and message that the failing tests expect; the message may be empty."""
    error_types: tuple[str, ...] = ()
    """Types of the exceptions that the failing tests ended with, and their bases."""
    messages: tuple[str, ...] = ()
    """What the failing tests expect exceptions to say."""
    expected: tuple[str, ...] = ()
    """Longer texts of the failing tests."""


class Scope:
    """One unit, or a module's own statements when `unit` is None."""

    def __init__(self, file: SourceFile, unit: Unit | None, facts: Facts) -> None:
        self.file = file
        self.unit = unit
        self.facts = facts

    def text(self, node: ast.expr | ast.stmt) -> str:
        return self.file.source(node)

    def parent(self, node: ast.AST) -> ast.AST | None:
        return self.file.parents.get(node)

    def replace(self, node: ast.expr | ast.stmt, text: str, weight: float = 1.0) -> Change:
        """`node` replaced by an expression, in parentheses where its surroundings ask for them."""
        parent = self.parent(node)
        tight = isinstance(parent, _TIGHT) or (isinstance(parent, ast.Call | ast.Subscript) and _is_head(parent, node))
        if tight and not is_atom(text):
            text = f"({text})"
        start, end = self.file.span(node)
        return Change((Edit(start, end, text),), weight)

    def span_edit(self, start: int, end: int, text: str, weight: float = 1.0) -> Change:
        return Change((Edit(start, end, text),), weight)

    @cached_property
    def function(self) -> FunctionNode | None:
        return None if self.unit is None else self.unit.node

    @cached_property
    def parameters(self) -> list[str]:
        return [] if self.function is None else parameter_names(self.function)

    @cached_property
    def local_names(self) -> list[str]:
        """Parameters, then names bound in the function, without `self` and `cls`."""
        if self.function is None:
            return []
        names = dict.fromkeys(self.parameters)
        for node in ast.walk(self.function):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names[node.id] = None
            elif isinstance(node, FunctionNode) and node is not self.function:
                names[node.name] = None
                names.update(dict.fromkeys(parameter_names(node)))
        return [name for name in names if name not in ("self", "cls", "_")]

    @cached_property
    def module_functions(self) -> dict[str, FunctionNode]:
        return {node.name: node for node in self.file.tree.body if isinstance(node, FunctionNode)}

    @cached_property
    def module_constants(self) -> list[str]:
        names: dict[str, None] = {}
        for node in self.file.tree.body:
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AnnAssign)
                else []
            )
            names.update({t.id: None for t in targets if isinstance(t, ast.Name)})
        return list(names)

    @cached_property
    def class_node(self) -> ast.ClassDef | None:
        parent = None if self.function is None else self.parent(self.function)
        return parent if isinstance(parent, ast.ClassDef) else None

    @cached_property
    def attributes(self) -> list[str]:
        """Names used on `self` in the class, most used first."""
        if self.class_node is None:
            return []
        counts: dict[str, int] = {}
        for node in ast.walk(self.class_node):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
                counts[node.attr] = counts.get(node.attr, 0) + 1
        return sorted(counts, key=lambda name: -counts[name])

    @cached_property
    def methods(self) -> dict[str, FunctionNode]:
        body = [] if self.class_node is None else self.class_node.body
        return {node.name: node for node in body if isinstance(node, FunctionNode)}

    @cached_property
    def types(self) -> dict[str, frozenset[str]]:
        if self.unit is None:
            return {}
        return self.facts.types.get((self.unit.path, self.unit.line), {})

    def likeness(self, first: str, second: str) -> float:
        """How much two locals look alike by the types observed in the failing tests: 1 the same, 0.15 different."""
        one, two = self.types.get(first), self.types.get(second)
        if one is None or two is None:
            return 0.5
        return 1.0 if one & two else 0.15

    def has_type(self, name: str, *kinds: str) -> bool:
        """Whether a local was seen with one of the types; True when nothing was seen."""
        seen = self.types.get(name)
        return seen is None or bool(seen & set(kinds))

    @cached_property
    def conditions(self) -> list[str]:
        """Conditions that the function tests already, then those of the rest of its class or module."""
        nearby: Iterable[ast.AST] = [] if self.function is None else ast.walk(self.function)
        around: Iterable[ast.AST] = ast.walk(self.class_node or self.file.tree)
        found: dict[str, None] = {}
        for node in [*nearby, *around]:
            for part in _tested(node):
                if part.end_lineno == part.lineno and self._in_reach(part):
                    found[self.text(part)] = None
        return list(found)[:40]

    @cached_property
    def further_conditions(self) -> list[tuple[str, float]]:
        """Conditions that are not tested here yet: attributes of `self`, types that the file asks for elsewhere."""
        found = [(f"self.{name}", 0.25) for name in self.attributes[:6]] if "self" in self.parameters else []
        calls = [call for call in self.file.calls.get("isinstance", ()) if len(call.args) == 2]
        kinds = list(dict.fromkeys(self.text(call.args[1]) for call in calls))[:5]
        plain = [name for name in self.parameters if name not in ("self", "cls")][:3]
        return found + [(f"isinstance({name}, {kind})", 0.25) for name in plain for kind in kinds if "\n" not in kind]

    def _in_reach(self, node: ast.expr) -> bool:
        known = {*self.parameters, *self.local_names, *self.module_constants, *self.module_functions, *_BUILTINS}
        used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        return used <= known | self.imported

    @cached_property
    def imported(self) -> set[str]:
        nodes = [n for n in self.file.tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
        names = {(alias.asname or alias.name).split(".")[0] for node in nodes for alias in node.names}
        return names | {node.name for node in self.file.tree.body if isinstance(node, ast.ClassDef)}

    def statement_of(self, node: ast.AST) -> ast.stmt | None:
        current: ast.AST | None = node
        while current is not None and not isinstance(current, ast.stmt):
            current = self.parent(current)
        return current

    def block_of(self, statement: ast.stmt) -> list[ast.stmt]:
        parent = self.parent(statement)
        for name in ("body", "orelse", "finalbody"):
            block = getattr(parent, name, None)
            if isinstance(block, list) and statement in block:
                return block
        return [statement]

    def first_line(self, statement: ast.stmt) -> int:
        decorators = getattr(statement, "decorator_list", [])
        return int(min([statement.lineno, *(d.lineno for d in decorators)]))

    def indent(self, statement: ast.stmt) -> str | None:
        """The white space before a statement; None when it does not begin its line."""
        line = self.first_line(statement)
        start = self.file.line_start(line)
        before = self.file.text[start : self.file.span(statement)[0]] if line == statement.lineno else ""
        if line != statement.lineno:
            content = self.file.line_text(line)
            before = content[: len(content) - len(content.lstrip())]
        return before if not before.strip() else None

    def insert_before(self, statement: ast.stmt, lines: list[str], weight: float = 1.0) -> Iterator[Change]:
        """New lines above a statement, at its indentation; nothing when it shares its line with others."""
        indent = self.indent(statement)
        if indent is not None:
            start = self.file.line_start(self.first_line(statement))
            yield Change((Edit(start, start, self.lines(lines, indent)),), weight)

    def insert_after(self, statement: ast.stmt, lines: list[str], weight: float = 1.0) -> Iterator[Change]:
        indent = self.indent(statement)
        assert statement.end_lineno is not None
        if indent is None:
            return
        end = self.file.span(statement)[1]
        rest = self.file.text[end : self.file.line_start(statement.end_lineno + 1)]
        if not rest.strip() or rest.strip().startswith("#"):
            yield Change((Edit(end, end, self.newline + self.lines(lines, indent).rstrip("\r\n")),), weight)

    def lines(self, lines: list[str], indent: str) -> str:
        return "".join(f"{indent}{line}{self.newline}" for line in lines)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the function, or of the module for its own statements."""
        return self.file.nodes if self.function is None else list(ast.walk(self.function))

    @cached_property
    def memory(self) -> dict[str, Any]:
        """What operators worked out for this unit already, by a name of their choice."""
        return {}

    @cached_property
    def newline(self) -> str:
        return "\r\n" if "\r\n" in self.file.text else "\n"

    @cached_property
    def step(self) -> str:
        """One level of indentation, as the function has it."""
        if self.function is not None:
            outer, inner = self.function.col_offset, self.function.body[0].col_offset
            if 0 < inner - outer <= 8 and self.function.body[0].lineno > self.function.lineno:
                return " " * (inner - outer) if "\t" not in self.file.line_text(self.function.body[0].lineno) else "\t"
        return "    "


_BUILTINS = frozenset(dir(__builtins__) if not isinstance(__builtins__, dict) else __builtins__) | {"self", "cls"}


def parameter_names(function: FunctionNode) -> list[str]:
    arguments = function.args
    ordered = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    stars = [argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None]
    return [argument.arg for argument in [*ordered, *stars]]


def _is_head(parent: ast.Call | ast.Subscript, node: ast.AST) -> bool:
    return node is (parent.func if isinstance(parent, ast.Call) else parent.value)


def _tested(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        yield node.test
        if isinstance(node.test, ast.BoolOp):
            yield from node.test.values
    elif isinstance(node, ast.comprehension):
        yield from node.ifs


@lru_cache(maxsize=4096)
def is_atom(text: str) -> bool:
    """Whether an expression can stand anywhere without parentheses."""
    try:
        return isinstance(ast.parse(text, mode="eval").body, _ATOMS) or text.startswith("(")
    except SyntaxError:
        return False
