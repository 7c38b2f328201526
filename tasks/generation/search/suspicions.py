"""Reasons to doubt a patch although it passes the tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.candidates import Candidate
from tasks.generation.search.scope import Facts

_COMMON = frozenset({0, 1, -1, 2, "", " ", ",", ".", "/", "-", "_", "\n", None})


def suspicions(candidate: Candidate, facts: Facts, accidents: int) -> tuple[str, ...]:
    """One phrase for each doubt, such as `swallows an exception`."""
    return tuple(_find(candidate, facts, accidents))


def _find(candidate: Candidate, facts: Facts, accidents: int) -> Iterator[str]:
    rules = set(candidate.rule.split("+"))
    inserted = " ".join(edit.text for edit in candidate.edits)
    if _deletes(candidate, rules):
        yield "deletes behaviour"
    if _special_cases(candidate, facts):
        yield "uses a constant of the failing test"
    if "catch_exception" in rules and "raise" not in inserted:
        yield "swallows an exception"
    if any(edit.text.strip("( ") in ("Exception", "BaseException") for edit in candidate.edits):
        yield "catches every exception"
    if _is_constant_condition(candidate):
        yield "adds a condition that never changes"
    if accidents and not rules & {"raise_expected", "change_exception"}:
        yield "meets an expected error by a crash"


def _deletes(candidate: Candidate, rules: set[str]) -> bool:
    if "delete_statement" in rules:
        return True
    if "change_jump" in rules:
        return any(edit.text == "pass" for edit in candidate.edits)
    return False


def _special_cases(candidate: Candidate, facts: Facts) -> bool:
    known = {repr(value) for value in _literals(candidate.file.text)}
    tested = {repr(value) for value in (*facts.strings, *facts.numbers)}
    before = candidate.file.text if candidate.unit is None else ""
    for edit in candidate.edits:
        for value in _literals(edit.text):
            fresh = repr(value) not in known and repr(value) not in before
            if fresh and value not in _COMMON and repr(value) in tested:
                return "raise" not in edit.text
    return False


def _literals(text: str) -> list[object]:
    """Constants in a piece of code, or in as much of it as parses."""
    for form in (text, f"({text})", f"f({text})", f"if 1:\n {text.strip()}", f"f(a{text})"):
        try:
            tree = ast.parse(form)
        except (SyntaxError, ValueError):
            continue
        return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return []


def _is_constant_condition(candidate: Candidate) -> bool:
    """`a or not a`, `a and not a`, `a == a`, or a constant where a condition stood."""
    try:
        after = ast.parse(candidate.text())
    except SyntaxError:
        return False
    lines = _touched_lines(candidate)
    return any(_never_changes(node) for node in ast.walk(after) if getattr(node, "lineno", None) in lines)


def _never_changes(node: ast.AST) -> bool:
    if isinstance(node, ast.BoolOp):
        parts = {ast.dump(value) for value in node.values}
        opposites = {ast.dump(v.operand) for v in node.values if isinstance(v, ast.UnaryOp)}
        return bool(parts & opposites) or len(parts) < len(node.values)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return ast.dump(node.left) == ast.dump(node.comparators[0])
    return isinstance(node, ast.If | ast.IfExp) and isinstance(node.test, ast.Constant)


def _touched_lines(candidate: Candidate) -> set[int]:
    lines: set[int] = set()
    for edit in candidate.edits:
        first = candidate.file.text.count("\n", 0, edit.start) + 1
        lines |= set(range(first, first + edit.text.count("\n") + 2))
    return lines
