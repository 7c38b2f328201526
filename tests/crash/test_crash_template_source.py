"""The technique as a whole: what it offers is tried, mends, and breaks nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tasks.generation.crash import CrashTemplateSource
from tasks.models import GenerationTask, Technique, ValidationFeedback
from tasks.protocols import GeneratorTools

FILES = {
    "conftest.py": "",
    "latency.py": '''
        def percentile(samples: list[float], share: float) -> float:
            """The value at `share`; 0.0 for an empty window."""
            if not samples:
                return 0.0
            return sorted(samples)[int(len(samples) * share)]


        def average(samples: list[float]) -> float:
            return sum(samples) / len(samples)
        ''',
    "tests/test_latency.py": """
        from latency import average


        def test_average():
            assert average([1.0, 3.0]) == 2.0


        def test_empty_window():
            assert isinstance(average([]), float)
        """,
}
FAILING = ("tests/test_latency.py::test_empty_window",)


def contents(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_text() for path in root.rglob("*") if path.is_file()}


def test_offers_what_mends_and_leaves_the_workspace_alone(
    make_task: Callable[..., GenerationTask], tools: GeneratorTools
) -> None:
    task = make_task(FILES, failing=FAILING)
    before = contents(task.workspace)
    outcome = CrashTemplateSource().propose(task, tools)
    assert contents(task.workspace) == before
    best = outcome.candidates[0]
    assert best.technique is Technique.CRASH_TEMPLATE
    assert best.suspicions == ()
    assert best.confidence >= 0.5
    assert "    if not samples:\n        return 0.0\n    return sum(samples)" in (best.edits[0].after or "")
    assert outcome.candidates_tried >= len(outcome.candidates)
    assert outcome.test_runs > outcome.candidates_tried


def test_leaves_out_what_was_turned_away(make_task: Callable[..., GenerationTask], tools: GeneratorTools) -> None:
    task = make_task(FILES, failing=FAILING)
    first = CrashTemplateSource().propose(task, tools).candidates[0]
    again = task.model_copy(update={"feedback": (ValidationFeedback(candidate_id=first.id),)})
    assert first.id not in {candidate.id for candidate in CrashTemplateSource().propose(again, tools).candidates}


def test_keeps_quiet_when_every_proposal_breaks_another_test(
    make_task: Callable[..., GenerationTask], tools: GeneratorTools
) -> None:
    strict = FILES["tests/test_latency.py"] + (
        """

        def test_empty_window_is_refused():
            import pytest

            with pytest.raises(ZeroDivisionError):
                average([])
        """
    )
    outcome = CrashTemplateSource().propose(
        make_task({**FILES, "tests/test_latency.py": strict}, failing=FAILING), tools
    )
    assert outcome.candidates == ()


def test_says_why_it_does_not_apply(make_task: Callable[..., GenerationTask], tools: GeneratorTools) -> None:
    outcome = CrashTemplateSource().propose(make_task(FILES), tools)
    assert outcome.candidates == ()
    assert outcome.notes == ("crash templates need a failing test",)
