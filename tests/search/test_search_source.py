"""The search from end to end, in the real sandbox, on small repositories."""

from pathlib import Path

from tasks.generation.search import SearchSource
from tasks.protocols import GeneratorTools

SHOP = """\
def total(prices):
    result = 0
    for index in range(len(prices) - 1):
        result += prices[index]  # running sum
    return result


def average(prices):
    if not prices:
        return 0
    return total(prices) / len(prices)
"""
TESTS = """\
from shop import average, total


def test_total_of_two():
    assert total([1, 2]) == 3


def test_total_of_many():
    assert total([1, 2, 3, 4]) == 10


def test_nothing():
    assert average([]) == 0 and total([]) == 0
"""


def files_below(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_mends_a_wrong_range(make_task, tools: GeneratorTools) -> None:
    task = make_task(
        {"shop.py": SHOP, "test_shop.py": TESTS},
        ("test_shop.py::test_total_of_two", "test_shop.py::test_total_of_many"),
    )
    before = files_below(task.workspace)
    outcome = SearchSource().propose(task, tools)
    assert outcome.candidates, outcome.notes
    assert outcome.candidates[0].edits[0].after == SHOP.replace("len(prices) - 1", "len(prices)")
    assert outcome.suspects[0].function == "total"
    assert files_below(task.workspace) == before
