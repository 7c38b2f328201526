"""Checks that compare a function with what it was."""

import pytest

from tasks.models import FileEdit, Level
from tasks.validation.pipeline import CodeValidationPipeline

WORK = """def total(items, rate):
    found = 0
    for item in items:
        found += item * rate
    return found
"""
TEST = """import pytest

from app.a import total


def test_total():
    assert total([1], 2) == 2
    assert total([], 2) == 0


def test_raises():
    with pytest.raises(TypeError):
        total(None, 1)
"""


def codes(before: str, after: str, path: str = "app/a.py", severity: str = "error") -> set[str]:
    result = CodeValidationPipeline().validate_change([FileEdit(path=path, before=before, after=after)])
    return {issue.code for issue in result.issues if issue.severity == severity}


@pytest.mark.parametrize(
    "body", ["return None", "pass", "...", "raise NotImplementedError", "return 0", "return []", '"""Doc."""']
)
def test_names_a_body_that_was_emptied(body):
    assert "gutted-body" in codes(WORK, f"def total(items, rate):\n    {body}\n")


def test_takes_a_body_that_still_works():
    assert codes(WORK, "def total(items, rate):\n    return sum(items) * rate\n") == set()


@pytest.mark.parametrize(
    "lines",
    [
        "    if items == [1, 2] and rate == 3:\n        return 9\n",
        "    if rate == 1234:\n        return 77\n",
        "    if items == (3, 4):\n        return [5, 6]\n",
    ],
)
def test_names_an_answer_for_one_input(lines):
    assert "hard-coded-result" in codes(WORK, WORK.replace("    found = 0\n", lines + "    found = 0\n"))


@pytest.mark.parametrize(
    "lines",
    [
        "    if rate == 0:\n        return 0\n",
        "    if not items:\n        return 12\n",
        "    if rate == 12:\n        return rate\n",
        "    if items is None:\n        return [1]\n",
        '    if rate == "half":\n        return 0.5\n',
    ],
)
def test_takes_edge_cases(lines):
    assert codes(WORK, WORK.replace("    found = 0\n", lines + "    found = 0\n")) == set()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("assert total([1], 2) == 2", "assert True"),
        ("assert total([1], 2) == 2", "assert total == total"),
        ("    assert total([1], 2) == 2\n    assert total([], 2) == 0\n", "    total([1], 2)\n"),
        ("def test_total", "@pytest.mark.skip\ndef test_total"),
        ("    assert total([1], 2) == 2\n", "    pytest.skip('later')\n    assert total([1], 2) == 2\n"),
        ("    with pytest.raises(TypeError):\n        total(None, 1)\n", "    total([], 1)\n"),
    ],
)
def test_names_a_weakened_test(old, new):
    assert "weakened-test" in codes(TEST, TEST.replace(old, new), "tests/test_a.py")


def test_takes_a_test_that_is_kept_to_where_it_can_run():
    mark = "@pytest.mark.skipif(sys.platform == 'win32', reason='no forks')\n"
    before = TEST.replace("import pytest", "import sys\n\nimport pytest\n\nprint(sys.path)", 1)
    assert codes(before, before.replace("def test_total", mark + "def test_total"), "tests/test_a.py") == set()


def test_takes_a_test_that_checks_more():
    after = TEST.replace("== 2\n", "== 2.0\n    assert total([2], 2) == 4\n", 1)
    assert codes(TEST, after, "tests/test_a.py") == set()


def test_tells_of_new_abilities_without_failing():
    after = "import subprocess\n\n\n" + WORK + '\n\ndef run():\n    subprocess.run(["ls"], check=True)\n'
    assert "new-ability" in codes(WORK, after, severity="info")


def test_tells_of_growing_complexity():
    branches = "".join(f"    if items == {n}:\n        found += rate * {n}\n" for n in range(3, 20))
    after = WORK.replace("    return found\n", branches + "    return found\n")
    assert "complexity" in codes(WORK, after, severity="warning")


def test_tells_of_a_large_change_without_failing():
    after = WORK + "".join(f"VALUE_{n} = {n}\n" for n in range(500))
    assert "large-change" in codes(WORK, after, severity="info")


def test_names_a_function_that_nothing_calls():
    after = WORK + "\n\ndef _left_over(x):\n    return x\n"
    assert "unused-function" in codes(WORK, after, severity="warning")


@pytest.mark.parametrize(
    ("after", "code"),
    [
        (WORK.replace("found = 0\n", "found = 0\r\n"), "newline-changed"),
        ("\ufeff" + WORK, "byte-order-mark"),
        (WORK.replace("    return found", "\treturn found"), "invalid-syntax"),
        (WORK + "\n\ndef f(x):\n\treturn x\n", "indentation-changed"),
    ],
)
def test_keeps_the_form_of_the_file(after, code):
    result = CodeValidationPipeline().validate_change([FileEdit(path="a.py", before=WORK, after=after)])
    assert not result.levels[Level.SYNTAX].passed
    assert code in {issue.code for issue in result.issues}
