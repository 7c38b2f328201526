"""What the loop has to survive, each shown by a small repository that is searched from end to end."""

import pytest

from tasks.generation.search import SearchSource
from tasks.models import FeedbackItem, GenerationOutcome, ValidationFeedback
from tasks.protocols import GeneratorTools


def search() -> SearchSource:
    """A search that looks around for little more than a second once it has found something."""
    return SearchSource(cpu_limit_s=15.0)


def offered(outcome: GenerationOutcome) -> list[str | None]:
    assert outcome.candidates, outcome.notes
    return [patch.edits[0].after for patch in outcome.candidates]


def test_ends_candidates_that_never_end(make_task, tools: GeneratorTools) -> None:
    code = "def count(n):\n    steps = 0\n    while n > 0:\n        n = n - 2\n        steps += 1\n    return steps\n"
    test = "from count import count\n\ndef test_count():\n    assert count(5) == 5 and count(0) == 0\n"
    task = make_task({"count.py": code, "test_count.py": test}, ("test_count.py::test_count",))
    assert code.replace("n - 2", "n - 1") in offered(search().propose(task, tools))


@pytest.mark.slow
def test_mends_a_test_that_never_ended(make_task, tools: GeneratorTools) -> None:
    code = "def halve(n):\n    steps = 0\n    while n:\n        n = n // 1\n        steps += 1\n    return steps\n"
    test = "from halve import halve\n\ndef test_halve():\n    assert halve(0) == 0 and halve(8) == 4\n"
    task = make_task({"halve.py": code, "test_halve.py": test}, ("test_halve.py::test_halve",), time_limit_s=180.0)
    assert code.replace("n // 1", "n // 2") in offered(SearchSource().propose(task, tools))


def test_reads_failures_of_unittest(make_task, tools: GeneratorTools) -> None:
    code = "def larger(a, b):\n    return a if a < b else b\n"
    test = (
        "import unittest\nfrom larger import larger\n\nclass LargerTest(unittest.TestCase):\n"
        "    def test_left(self):\n        self.assertEqual(larger(3, 2), 3)\n"
        "    def test_right(self):\n        self.assertEqual(larger(2, 3), 3)\n"
    )
    failing = ("test_larger.py::LargerTest::test_left", "test_larger.py::LargerTest::test_right")
    task = make_task({"larger.py": code, "test_larger.py": test}, failing)
    assert code.replace("<", ">") in offered(search().propose(task, tools))


def test_mends_a_constant_outside_of_functions(make_task, tools: GeneratorTools) -> None:
    code = "LIMIT = 9\n\n\ndef fits(n):\n    return n <= LIMIT\n"
    test = (
        "from fits import fits\n\ndef test_fits():\n    assert fits(10)\n\ndef test_not():\n    assert not fits(11)\n"
    )
    task = make_task({"fits.py": code, "test_fits.py": test}, ("test_fits.py::test_fits",))
    assert code.replace("9", "10") in offered(search().propose(task, tools))


def test_mends_a_default_argument(make_task, tools: GeneratorTools) -> None:
    code = "def add(item, items=[]):\n    items.append(item)\n    return items\n"
    test = "from add import add\n\ndef test_add():\n    assert add(1) == [1]\n    assert add(2) == [2]\n"
    task = make_task({"add.py": code, "test_add.py": test}, ("test_add.py::test_add",))
    after = offered(search().propose(task, tools))
    assert (
        code.replace("=[]", "=None").replace(
            "    items.append", "    if items is None:\n        items = []\n    items.append"
        )
        in after
    )


def test_clears_caches_between_candidates(make_task, tools: GeneratorTools) -> None:
    code = (
        "import functools\n\n@functools.lru_cache(None)\ndef double(n):\n    return triple(n)\n\n"
        "def triple(n):\n    return n * 2\n"
    )
    test = "from cached import double\n\ndef test_double():\n    assert double(4) == 12 and double(0) == 0\n"
    task = make_task({"cached.py": code, "test_cached.py": test}, ("test_cached.py::test_double",))
    assert search().propose(task, tools).candidates


def test_doubts_a_constant_taken_from_the_test(make_task, tools: GeneratorTools) -> None:
    code = "def greet(name):\n    return 'bye'\n"
    test = "from greet import greet\n\ndef test_greet():\n    assert greet('Ada') == 'hello Ada'\n"
    task = make_task({"greet.py": code, "test_greet.py": test}, ("test_greet.py::test_greet",))
    outcome = search().propose(task, tools)
    assert all("uses a constant of the failing test" in patch.suspicions for patch in outcome.candidates)


def test_never_offers_what_was_turned_away(make_task, tools: GeneratorTools) -> None:
    code = "def larger(a, b):\n    return a if a < b else b\n"
    test = (
        "from larger import larger\n\ndef test_larger():\n    assert larger(3, 2) == 3\n    assert larger(1, 2) == 2\n"
    )
    task = make_task({"larger.py": code, "test_larger.py": test}, ("test_larger.py::test_larger",))
    first = search().propose(task, tools).candidates[0]
    feedback = ValidationFeedback(
        candidate_id=first.id, items=(FeedbackItem(path=None, line=None, code="x", reason="x", suggestion=""),)
    )
    again = search().propose(task.model_copy(update={"feedback": (feedback,)}), tools)
    assert first.id not in {patch.id for patch in again.candidates}


@pytest.mark.parametrize("command", [("make", "test"), ("tox",)])
def test_says_why_it_does_not_apply(make_task, tools: GeneratorTools, command: tuple[str, ...]) -> None:
    task = make_task({"a.py": "x = 1\n"}, ("test_a.py::test_a",)).model_copy(update={"test_command": command})
    outcome = search().propose(task, tools)
    assert not outcome.candidates and "no pytest command" in outcome.notes[0]


def test_says_that_a_repository_cannot_be_collected(make_task, tools: GeneratorTools) -> None:
    task = make_task({"test_a.py": "def test_a():\n    assert True\n"}, ("test_a.py::test_a",))
    outcome = search().propose(task, tools)
    assert not outcome.candidates and "none of the failing tests fails" in outcome.notes[0]
