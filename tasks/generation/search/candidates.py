"""All single edits at the suspicious lines, each with the chance that it is the fix."""

from __future__ import annotations

import ast
import heapq
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tasks.generation.search.localization import RankedUnit
from tasks.generation.search.operators.definition import Operator
from tasks.generation.search.scope import Change, Facts, Scope
from tasks.generation.search.sources import Edit, SourceFile, Unit, splice


@dataclass(frozen=True)
class Candidate:
    file: SourceFile
    unit: Unit | None
    edits: tuple[Edit, ...]
    rule: str
    line: int
    score: float

    def text(self) -> str:
        """The whole file with the edits made."""
        return splice(self.file.text, self.edits)

    def unit_text(self) -> str:
        """From the line of `def` to the end of the function, with the edits made."""
        assert self.unit is not None
        start, end = self.file.unit_span(self.unit)
        return splice(self.file.text[start:end], self.edits, start)

    def changes_defaults(self) -> bool:
        """Whether an edit touches the parameters, whose defaults live outside the code object."""
        assert self.unit is not None
        body = self.file.offset(self.unit.node.body[0].lineno, 0)
        return any(edit.start < body for edit in self.edits)

    def key(self) -> tuple[object, ...]:
        return (self.file.path, self.edits)


class CandidateStream(Iterator[Candidate]):
    """Single edits of the units given, most promising first, no two alike; units follow when their turn comes."""

    def __init__(
        self,
        ranked: Sequence[RankedUnit],
        operators: Sequence[Operator],
        priors: Mapping[str, float],
        facts: Facts,
    ) -> None:
        self.generated = 0
        self._waiting = list(ranked)
        self._best = max((item.score for item in ranked), default=1.0)
        self._parts = (operators, priors, facts)
        self._heap: list[tuple[float, int, Candidate]] = []
        self._known: set[tuple[object, ...]] = set()

    def __next__(self) -> Candidate:
        while self._waiting and (not self._heap or self._bound(self._waiting[0]) > -self._heap[0][0]):
            self._expand(self._waiting.pop(0))
        if not self._heap:
            raise StopIteration
        return heapq.heappop(self._heap)[2]

    def _bound(self, item: RankedUnit) -> float:
        """What the best candidates of a unit usually reach."""
        return (item.score / self._best) ** 2 * max(item.lines.values(), default=0.0) * 0.6

    def _expand(self, item: RankedUnit) -> None:
        for candidate in _of_unit(item, *self._parts, item.score / self._best):
            if candidate.key() not in self._known:
                self._known.add(candidate.key())
                self.generated += 1
                heapq.heappush(self._heap, (-candidate.score, self.generated, candidate))


def _of_unit(
    item: RankedUnit, operators: Sequence[Operator], priors: Mapping[str, float], facts: Facts, share: float
) -> Iterator[Candidate]:
    scope = Scope(item.file, item.unit, facts)
    by_kind: dict[type, list[Operator]] = {}
    raw: list[tuple[Change, str, int]] = []
    for node in _nodes(item):
        line = _line(node, item)
        if line is None:
            continue
        if type(node) not in by_kind:
            by_kind[type(node)] = [op for op in operators if issubclass(type(node), op.nodes)]
        for operator in by_kind[type(node)]:
            raw += [(change, operator.name, line) for change in operator.changes(node, scope)]
    counts = Counter((rule, line) for _, rule, line in raw)
    for change, rule, line in raw:
        crowd: float = counts[rule, line]
        score = share**2 * item.lines.get(line, 0.1) * priors.get(rule, 1.0) * change.weight / crowd**0.7
        yield Candidate(item.file, item.unit, change.edits, rule, line, score)


def _nodes(item: RankedUnit) -> Iterator[ast.AST]:
    """Nodes that may change: not docstrings, annotations, decorators or the insides of type comments."""
    if item.unit is None:
        pending: list[ast.AST] = [n for n in item.file.nodes if getattr(n, "lineno", None) in item.lines]
        pending = [n for n in pending if isinstance(n, ast.Assign | ast.AnnAssign)]
    else:
        pending = [item.unit.node]
    while pending:
        node = pending.pop()
        yield node
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "type_params"):
                continue
            children = value if isinstance(value, list) else [value]
            pending += [child for child in children if isinstance(child, ast.AST)]


def _line(node: ast.AST, item: RankedUnit) -> int | None:
    """The executed line that a node belongs to; None when the failing tests never reach it."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return max(item.lines, key=lambda line: item.lines[line], default=None)
    current: ast.AST | None = node
    while current is not None and not isinstance(current, ast.stmt | ast.ExceptHandler):
        line = getattr(current, "lineno", None)
        if line in item.lines:
            return int(line)
        current = item.file.parents.get(current)
    line = getattr(current, "lineno", None)
    if isinstance(current, ast.ExceptHandler) and line not in item.lines:
        return None
    return line if line in item.lines else None
