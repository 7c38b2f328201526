"""One version of a file, parsed once for all the checks that look at it."""

from __future__ import annotations

import ast
import threading
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from tasks.models import Level, ValidationIssue

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef

_PARSING = threading.Lock()
"""`warnings.catch_warnings` changes the whole process: only one thread at a time may be inside."""
_FIXTURE_FOLDERS = frozenset(
    {"data", "testdata", "test_data", "fixtures", "fixture", "samples", "resources", "snapshots"}
)
_LANGUAGES = {
    ".py": "python", ".pyi": "python", ".json": "json", ".yaml": "yaml", ".yml": "yaml", ".toml": "toml", ".sql": "sql",
    ".sh": "shell", ".bash": "shell", ".js": "javascript", ".mjs": "javascript", ".cjs": "javascript",
    ".jsx": "javascript", ".ts": "typescript", ".tsx": "tsx", ".go": "go", ".java": "java",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Source:
    path: str
    text: str

    @cached_property
    def language(self) -> str:
        """`python`, `yaml` ...; empty for a file that no check reads."""
        name = PurePosixPath(self.path)
        if name.name == "Dockerfile" or name.suffix == ".dockerfile" or name.name.startswith("Dockerfile."):
            return "dockerfile"
        if name.suffix in _LANGUAGES:
            return _LANGUAGES[name.suffix]
        return _language_of_shebang(self.text)

    @cached_property
    def is_test(self) -> bool:
        parts = PurePosixPath(self.path).parts
        name = parts[-1] if parts else ""
        return (
            name.startswith("test_")
            or name.endswith(("_test.py", "_tests.py"))
            or name in {"conftest.py", "tests.py", "test.py"}
            or any(part in {"test", "tests", "testing"} for part in parts[:-1])
        )

    @cached_property
    def is_fixture(self) -> bool:
        """Input of tests rather than code of theirs: it may be wrong on purpose."""
        folders = PurePosixPath(self.path).parts[:-1]
        return self.is_test and any(folder in _FIXTURE_FOLDERS for folder in folders)

    @property
    def tree(self) -> ast.Module | None:
        """None when it is not Python, or not Python that this interpreter can parse."""
        return self._parsed if isinstance(self._parsed, ast.Module) else None

    @property
    def parse_error(self) -> Exception | None:
        """Why there is no tree; None when there is one, or when it is not Python."""
        return self._parsed if isinstance(self._parsed, Exception) else None

    @cached_property
    def _parsed(self) -> ast.Module | Exception | None:
        if self.language != "python":
            return None
        with _PARSING, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return ast.parse(self.text)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                return error.with_traceback(None)

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def line(self, number: int | None) -> str:
        """The text of line `number` (1 is the first), stripped; empty when there is none."""
        return self.lines[number - 1].strip() if number and 0 < number <= len(self.lines) else ""

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """The module and everything in it, outer nodes before inner ones."""
        return (self.tree, *self.parents) if self.tree is not None else ()

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        found: dict[ast.AST, ast.AST] = {}
        level: list[ast.AST] = [self.tree] if self.tree is not None else []
        while level:
            inner: list[ast.AST] = []
            for node in level:
                for child in ast.iter_child_nodes(node):
                    if not isinstance(child, _MARKS):
                        found[child] = node
                        inner.append(child)
            level = inner
        return found

    @cached_property
    def blocks(self) -> tuple[tuple[ast.AST, list[ast.stmt]], ...]:
        """Every list of statements, with the node that holds it."""
        holders = (node for node in self.nodes if isinstance(node, _HOLDERS))
        return tuple((node, block) for node in holders for block in _blocks_of(node))

    @cached_property
    def calls(self) -> tuple[ast.Call, ...]:
        return tuple(node for node in self.nodes if isinstance(node, ast.Call))

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around `node`, the nearest first."""
        while (parent := self.parents.get(node)) is not None:
            yield parent
            node = parent

    def function_around(self, node: ast.AST) -> FunctionNode | None:
        return next((a for a in self.ancestors(node) if isinstance(a, FunctionNode)), None)

    @cached_property
    def functions(self) -> dict[str, FunctionNode]:
        """By qualified name, e.g. `Client.fetch`; the last definition of a name wins."""
        return dict(_functions(self.tree, "")) if self.tree else {}

    @cached_property
    def iterators(self) -> frozenset[str]:
        """Names that the file sets to an iterator, which can be walked only once."""
        return frozenset(
            target.id
            for node in self.nodes
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call | ast.GeneratorExp)
            if isinstance(node.value, ast.GeneratorExp) or self.qualified(node.value.func) in _ITERATORS
            for target in node.targets
            if isinstance(target, ast.Name)
        )

    @cached_property
    def attributes_set(self) -> frozenset[str]:
        """Names of the attributes that the file assigns on anything."""
        return frozenset(
            node.attr for node in self.nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        )

    @cached_property
    def bound_by_module(self) -> Counter[str]:
        """How often each name is bound outside of functions and classes, `global` statements included."""
        found: Counter[str] = Counter()
        if self.tree is not None:
            open_nodes: list[ast.AST] = list(self.tree.body)
            while open_nodes:
                node = open_nodes.pop()
                found.update(_names_bound_by(node))
                if not isinstance(node, _SCOPES):
                    open_nodes += ast.iter_child_nodes(node)
            found.update(name for node in self.nodes if isinstance(node, ast.Global) for name in node.names)
        return found

    @cached_property
    def bound_within(self) -> dict[ast.AST, set[str]]:
        """For each function, class, lambda and comprehension, the names that it or what lies in it binds."""
        bound: dict[ast.AST, set[str]] = {}
        for node in self.nodes:
            for name in _names_bound_by(node):
                for around in self.ancestors(node):
                    if isinstance(around, _SCOPES):
                        bound.setdefault(around, set()).add(name)
        return bound

    @cached_property
    def aliases(self) -> dict[str, str]:
        """Local name to what it was imported from, e.g. `np` to `numpy`, `run` to `subprocess.run`."""
        found: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for item in node.names:
                    found[item.asname or item.name.partition(".")[0]] = (
                        item.name if item.asname else item.name.partition(".")[0]
                    )
            elif isinstance(node, ast.ImportFrom):
                for item in node.names:
                    found[item.asname or item.name] = "." * node.level + f"{node.module or ''}.{item.name}".lstrip(".")
        return found

    def qualified(self, node: ast.AST) -> str:
        """The dotted name that `node` spells, imports resolved; empty when it is no plain name."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        return ".".join([self.aliases.get(node.id, node.id), *reversed(parts)])

    def function_name_at(self, line: int | None) -> str:
        """Qualified name of the innermost function around `line`; empty outside of functions."""
        best, size = "", 1 << 60
        for name, node in self.functions.items():
            end = node.end_lineno or node.lineno
            if line and _first_line(node) <= line <= end and end - node.lineno < size:
                best, size = name, end - node.lineno
        return best

    def issue(
        self, level: Level, code: str, severity: str, node: ast.AST | int | None, message: str, suggestion: str = ""
    ) -> ValidationIssue:
        """A finding at `node` (or line) of this file."""
        line = node if isinstance(node, int) or node is None else getattr(node, "lineno", None)
        return ValidationIssue.model_construct(
            level=level, code=code, severity=severity, message=message, path=self.path, line=line, suggestion=suggestion
        )


_ITERATORS = frozenset({"iter", "enumerate", "zip", "map", "filter", "reversed", "open"})
_MARKS = ast.expr_context | ast.operator | ast.boolop | ast.unaryop | ast.cmpop
"""Nodes that the parser shares between places; they have no parent of their own."""
_HOLDERS = ast.mod | ast.stmt | ast.ExceptHandler | ast.match_case


def _blocks_of(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        block = getattr(node, field, None)
        if isinstance(block, list) and block:
            yield block


_SCOPES = FunctionNode | ast.ClassDef | ast.Lambda | ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp


def _names_bound_by(node: ast.AST) -> tuple[str, ...]:
    if isinstance(node, ast.Name):
        return (node.id,) if isinstance(node.ctx, ast.Store | ast.Del) else ()
    if isinstance(node, ast.arg):
        return (node.arg,)
    if isinstance(node, FunctionNode | ast.ClassDef):
        return (node.name,)
    if isinstance(node, ast.Import | ast.ImportFrom):
        return tuple(item.asname or item.name for item in node.names)
    return ()


def _language_of_shebang(text: str) -> str:
    if not text.startswith("#!"):
        return ""
    first = text.split("\n", 1)[0]
    if "python" in first:
        return "python"
    return "shell" if first.rstrip().endswith(("/sh", "/bash", " sh", " bash")) else ""


def _first_line(node: FunctionNode) -> int:
    return min([node.lineno, *(item.lineno for item in node.decorator_list)])


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, FunctionNode]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, FunctionNode | ast.ClassDef):
            name = f"{prefix}{child.name}"
            if isinstance(child, FunctionNode):
                yield name, child
            yield from _functions(child, f"{name}.")
        else:
            yield from _functions(child, prefix)
