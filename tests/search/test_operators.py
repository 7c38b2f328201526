"""Every operator shows what it does by its own examples."""

import ast

import pytest

from tasks.generation.search.operators import load_operators
from tasks.generation.search.operators.definition import Operator
from tasks.generation.search.scope import Facts, Scope
from tasks.generation.search.sources import SourceFile, splice

FACTS = Facts(
    raises=(("ValueError", "empty"),),
    error_types=("ValueError",),
    strings=("x", "y"),
    expected=("the number is empty",),
)
EXAMPLES = [(op, before, after) for op in load_operators() for before, after in op.examples]


def results(op: Operator, text: str) -> set[str]:
    file = SourceFile("m.py", text, ast.parse(text))
    found = set()
    for unit in file.units:
        scope = Scope(file, unit, FACTS)
        for node in ast.walk(unit.node):
            if isinstance(node, op.nodes):
                found |= {splice(text, change.edits) for change in op.changes(node, scope)}
    return found


@pytest.mark.parametrize(
    ("op", "before", "after"), EXAMPLES, ids=[f"{op.name}-{i}" for i, (op, _, _) in enumerate(EXAMPLES)]
)
def test_example_is_among_the_results(op: Operator, before: str, after: str) -> None:
    found = results(op, before)
    assert after in found
    assert before not in found


@pytest.mark.parametrize("op", load_operators(), ids=lambda op: op.name)
def test_operator_has_examples_and_documentation(op: Operator) -> None:
    assert op.examples


def test_results_are_python() -> None:
    for op, before, _ in EXAMPLES:
        for text in results(op, before):
            ast.parse(text)
