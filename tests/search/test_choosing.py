"""Choosing among plausible candidates: doubts, naturalness and the calibration's directions."""

import ast
from dataclasses import replace

import pytest

from tasks.generation.search.candidates import Candidate
from tasks.generation.search.confidence import Features, confidence
from tasks.generation.search.naturalness import Naturalness
from tasks.generation.search.pairs import pair_up
from tasks.generation.search.scope import Facts
from tasks.generation.search.sources import Edit, SourceFile, splice
from tasks.generation.search.suspicions import suspicions

TEXT = "def f(a, b):\n    if a > b:\n        return a\n    return b\n"
FILE = SourceFile("m.py", TEXT, ast.parse(TEXT))


def candidate(old: str, new: str, rule: str) -> Candidate:
    start = TEXT.index(old)
    return Candidate(FILE, FILE.units[0], (Edit(start, start + len(old), new),), rule, 2, 0.5)


@pytest.mark.parametrize(
    ("old", "new", "rule", "doubt"),
    [
        ("        return a\n", "        pass\n", "delete_statement", "deletes behaviour"),
        ("return a\n", "return 'seven'\n", "replace_string", "uses a constant of the failing test"),
        (
            "return b\n",
            "try:\n        return b\n    except KeyError:\n        pass\n",
            "catch_exception",
            "swallows an exception",
        ),
        ("a > b", "a > b or not a > b", "extend_condition", "adds a condition that never changes"),
        ("a > b", "a == a", "replace_name", "adds a condition that never changes"),
    ],
)
def test_doubts(old: str, new: str, rule: str, doubt: str) -> None:
    assert doubt in suspicions(candidate(old, new, rule), Facts(strings=("seven",)), accidents=0)


def test_an_honest_edit_raises_no_doubt() -> None:
    assert suspicions(candidate("a > b", "a >= b", "swap_comparison"), Facts(strings=("seven",)), accidents=0) == ()


def test_doubts_an_error_met_by_a_crash() -> None:
    found = suspicions(candidate("a > b", "a >= b", "swap_comparison"), Facts(), accidents=2)
    assert found == ("meets an expected error by a crash",)


def test_familiar_code_is_more_natural() -> None:
    model = Naturalness(["for item in self.items:\n    yield item.name\n"] * 3)
    assert model.gain("x = 1", "for item in self.items:") > 0 > model.gain("for item in self.items:", "x = 1")


def test_confidence_falls_with_ambiguity_effort_and_doubt() -> None:
    sure = Features(1.0, 1, 5, 0.0, 2, 0.1, True, 10, "swap_comparison")
    best = confidence(sure, 0)
    assert best > 0.5
    assert all(
        confidence(other, doubts) < best
        for other, doubts in [
            (replace(sure, groups=6, share=0.4), 0),
            (replace(sure, rank=5000), 0),
            (replace(sure, informed=False), 0),
            (sure, 1),
        ]
    )


def test_pairs_do_not_overlap_and_keep_both_edits() -> None:
    first, second = (
        candidate("a > b", "a >= b", "swap_comparison"),
        candidate("return b\n", "return a\n", "replace_name"),
    )
    (pair,) = pair_up([first], [first, second])
    assert pair.text() == TEXT.replace("a > b", "a >= b").replace("return b", "return a")
    assert pair.rule == "swap_comparison+replace_name"


def test_splices_by_characters_where_the_tree_counts_bytes() -> None:
    text = "def f(é):\n    return 'ü' + é\n"
    file = SourceFile("m.py", text, ast.parse(text))
    value = file.tree.body[0].body[0].value  # type: ignore[attr-defined]
    assert file.source(value.right) == "é"
    assert splice(text, (Edit(*file.span(value.right), "x"),)).endswith("'ü' + x\n")
