"""Where a crash happened, in the words of the workspace: file, function, statement, expression."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property

from tasks.generation.crash.project import Project
from tasks.generation.crash.source import Function, SourceFile
from tasks.generation.trial import Frame, Observed


@dataclass(frozen=True)
class Place:
    """One frame of the crash inside the repository."""

    source: SourceFile
    frame: Frame
    statement: ast.stmt
    node: ast.expr | None
    """The expression that raised, or the call that led on; None where the interpreter does not say."""

    @property
    def function(self) -> Function | None:
        return self.source.function(self.statement)

    @cached_property
    def anchor(self) -> ast.stmt:
        """The statement above which new lines can go: an `elif` has no place above it, nor has a `with` on its line."""
        statement = self.statement
        while isinstance(statement, ast.If) and self._is_elif(statement):
            statement = self.source.parent(statement)  # type: ignore[assignment]
        return statement

    def _is_elif(self, statement: ast.If) -> bool:
        above = self.source.parent(statement)
        return (
            isinstance(above, ast.If)
            and above.orelse == [statement]
            and self.source.text_from(statement).startswith("elif")
        )

    @property
    def loop(self) -> ast.For | ast.AsyncFor | ast.While | None:
        """The innermost loop of the same function whose body holds the statement."""
        inner: ast.AST = self.statement
        for above in self.source.ancestors(self.statement):
            if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                return None
            if isinstance(above, ast.For | ast.AsyncFor | ast.While) and inner in above.body:
                return above
            inner = above
        return None

    @property
    def comprehension(self) -> ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | None:
        """The innermost comprehension around the expression; its names exist only in there."""
        if self.node is None:
            return None
        kinds = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
        for above in self.source.ancestors(self.node):
            if isinstance(above, kinds):
                return above
            if isinstance(above, ast.stmt):
                return None
        return None

    def type_of(self, name: str) -> str | None:
        """The name of the type that the local variable had."""
        found = self.frame.locals.get(name)
        return found[0] if found else None

    def type_of_expression(self, node: ast.expr) -> str | None:
        """Of a local variable, or an attribute or literal whose type shows; None where it does not."""
        if isinstance(node, ast.Name):
            return self.type_of(node.id)
        return type(node.value).__name__ if isinstance(node, ast.Constant) else None


@dataclass(frozen=True)
class CrashSite:
    error: Observed
    project: Project
    places: tuple[Place, ...]
    """Frames in the repository's own code, the raising one first."""

    @property
    def raising(self) -> Place:
        return self.places[0]

    @property
    def unintended(self) -> tuple[Place, ...]:
        """The places without those that raise on purpose: what to do about an error is its caller's business."""
        return tuple(place for place in self.places if not isinstance(place.statement, ast.Raise))

    @property
    def callers(self) -> tuple[Place, ...]:
        return self.places[1:]


def crash_site(error: Observed, project: Project) -> CrashSite | None:
    """None when no frame of the error lies in a source file of the repository that parses."""
    places = [place for frame in reversed(error.frames) if (place := _place(frame, project)) is not None]
    return CrashSite(error, project, tuple(places)) if places else None


def _place(frame: Frame, project: Project) -> Place | None:
    if frame.path is None or frame.path not in project.paths:
        return None
    source = project.file(frame.path)
    statement = source.statement_at(frame.line) if source is not None else None
    if source is None or statement is None:
        return None
    node = source.expression_at(frame.position) if frame.position is not None else None
    if node is not None:
        statement = source.statement(node) or statement
    return Place(source, frame, statement, node)
