"""Variants on the bench: tried one by one, with limits, on a copy."""

from __future__ import annotations

from collections.abc import Callable

from tasks.generation.trial import Variant, open_bench
from tasks.models import FileEdit, GenerationTask
from tasks.protocols import GeneratorTools

FILES = {
    "conftest.py": "",
    "numbers_of.py": "def double(value):\n    return value + value\n",
    "test_numbers_of.py": """
        import unittest

        from numbers_of import double


        def test_double():
            assert double(2) == 4


        class DoubleTest(unittest.TestCase):
            def test_text(self):
                self.assertEqual(double("a"), "aa")
        """,
}


def edit(after: str) -> FileEdit:
    return FileEdit(path="numbers_of.py", before=None, after=after)


def test_each_variant_sees_its_own_text_only(make_task: Callable[..., GenerationTask], tools: GeneratorTools) -> None:
    broken = Variant((edit("def double(value):\n    return value.twice\n"),))
    with open_bench(make_task(FILES), tools) as bench:
        first, second, third = bench.run([Variant(), broken, Variant()], limit_s=60)
    assert first.passes(("test_numbers_of.py::test_double", "test_numbers_of.py::DoubleTest::test_text"))
    assert second.failing == set(first.tests)
    assert not third.failing
    error = second.tests["test_numbers_of.py::test_double"].error
    assert error is not None
    assert (error.name, error.frames[-1].path, error.frames[-1].line) == ("AttributeError", "numbers_of.py", 2)
    assert error.frames[-1].locals["value"] == ("int", "2")
    unittest_error = second.tests["test_numbers_of.py::DoubleTest::test_text"].error
    assert unittest_error is not None
    assert unittest_error.name == "AttributeError"


def test_endless_test_ends_alone(make_task: Callable[..., GenerationTask], tools: GeneratorTools) -> None:
    endless = Variant((edit("def double(value):\n    while value == 2:\n        pass\n    return value * 2\n"),))
    with open_bench(make_task(FILES), tools) as bench:
        result = bench.run([endless], limit_s=60, test_limit_s=1.0)[0]
    assert result.tests["test_numbers_of.py::test_double"].outcome == "failed"
    assert result.tests["test_numbers_of.py::DoubleTest::test_text"].outcome == "passed"


def test_file_that_does_not_import_fails(make_task: Callable[..., GenerationTask], tools: GeneratorTools) -> None:
    with open_bench(make_task(FILES), tools) as bench:
        result = bench.run([Variant((edit("import nowhere\n"),))], limit_s=60)[0]
    assert result.failing == {"test_numbers_of.py"}
