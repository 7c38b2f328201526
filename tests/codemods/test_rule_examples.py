"""Every rule's own examples: left alone, changed as stated, idempotent, and documented."""

import ast

import pytest

from tasks.generation.codemods import RULES, apply_codemods
from tasks.generation.codemods.registry import examples_of

SECTIONS = ("What it does", "Why it matters", "Example", "When it does not apply", "Fix safety", "References")
VALID = [pytest.param(r.id, s, id=f"{r.id}-{n}") for r in RULES.values() for n, s in enumerate(examples_of(r)[0])]
INVALID = [
    pytest.param(r.id, *pair, id=f"{r.id}-{n}") for r in RULES.values() for n, pair in enumerate(examples_of(r)[1])
]


@pytest.mark.parametrize(("rule", "source"), VALID)
def test_leaves_valid_code_alone(rule: str, source: str) -> None:
    assert apply_codemods(source, "app/module.py", [rule]) == (source, ())


@pytest.mark.parametrize(("rule", "before", "after"), INVALID)
def test_changes_invalid_code_as_stated(rule: str, before: str, after: str) -> None:
    text, edits = apply_codemods(before, "app/module.py", [rule])
    assert text == after
    assert edits and all(edit.rule == rule and edit.description for edit in edits)
    ast.parse(text)


@pytest.mark.parametrize(("rule", "before", "after"), INVALID)
def test_is_idempotent(rule: str, before: str, after: str) -> None:
    assert apply_codemods(after, "app/module.py", [rule]) == (after, ())


@pytest.mark.parametrize("rule", list(RULES))
def test_rule_is_documented_and_has_examples(rule: str) -> None:
    positions = [RULES[rule].docs.find(f"{section}\n") for section in SECTIONS]
    assert -1 not in positions and positions == sorted(positions)
    assert all(examples_of(RULES[rule]))
    assert RULES[rule].transformer.__module__.endswith(f".{rule}")
    assert all(any(hint in before for hint in RULES[rule].hints) for before, _ in examples_of(RULES[rule])[1])
