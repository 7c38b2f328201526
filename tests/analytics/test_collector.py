from __future__ import annotations

from datetime import datetime

import pytest

from analytics.collector import PerformanceMonitor, RunDetails, WorkflowMetricsCollector
from analytics.events import ModelCall
from analytics.history import History
from analytics.ids import uuid7
from analytics.ledger import Ledger
from tasks.errors import HistoryError
from tasks.models import Incident, RemediationResult, Status


@pytest.fixture
def collector(home):
    return WorkflowMetricsCollector(Ledger(home))


def test_run_is_read_back_with_everything_that_it_brought(home, collector, result, repository, judgements):
    details = RunDetails(strategy_options={"crash-templates-first": 0.75, "search-first": 0.25}, prompt_version="3")
    history_id = collector.record(
        result, repository=repository, judgements=judgements, run_id="flow-1", details=details
    )
    run = History(home).run(history_id)

    generation = run.generation
    assert (generation.id, generation.run_id, generation.status) == (history_id, "flow-1", "fixed")
    assert (generation.repository, generation.commit_sha) == ("shop", "c" * 40)
    assert (generation.rule, generation.technique, generation.generator) == (
        "get_with_default",
        "crash-template",
        "api",
    )
    assert generation.cost_usd == pytest.approx(0.0123)
    assert [(stage.stage, stage.seconds) for stage in generation.stages] == [("context", 0.5), ("generation", 3.0)]
    assert [(file.path, file.added, file.removed) for file in generation.files] == [("app/cart.py", 2, 1)]

    assert [(a.rank, a.rule, a.is_chosen, a.is_valid, a.status) for a in run.attempts] == [
        (1, "except_tuple", False, False, "unfixed"),
        (2, "get_with_default", True, True, "fixed"),
    ]
    assert [level.level for level in run.attempts[0].levels] == ["syntax", "security"]
    assert [(i.candidate_id, i.code, i.line) for i in run.validation_issues] == [
        (judgements[0].candidate.id, "B110", 2)
    ]
    assert [(t.phase, t.passed, t.failing) for t in run.test_runs] == [
        ("before", 3, ("t::a",)),
        ("after", 4, ()),
        ("after", 4, ()),
    ]
    assert {p.candidate_id: p.patch for p in run.patches} == {
        judgements[1].candidate.id: result.patch,
        judgements[0].candidate.id: "--- other\n",
    }
    assert run.hypotheses[0].path == "app/cart.py"
    assert run.costs[0].amount_usd == pytest.approx(0.0123)
    (decision,) = run.decisions
    assert (decision.chosen, {o.name: o.propensity for o in decision.options}) == (
        "crash-templates-first",
        {"crash-templates-first": 0.75, "search-first": 0.25},
    )


def test_source_text_is_stored_only_in_the_patches_of_the_result(home, collector, result, judgements):
    collector.record(result, judgements=judgements)
    (segment,) = (home / "ledger").glob("*.jsonl")
    assert "b = 3" not in segment.read_text()
    assert "4 passed" not in segment.read_text()


def test_refused_run_without_analysis_or_candidate_is_recorded(home, collector):
    result = RemediationResult(
        status=Status.REFUSED,
        reason="budget",
        incident=Incident(id="i", title="t", occurred_at=datetime(2026, 1, 2, 3, 4)),
    )
    run = History(home).run(collector.record(result))
    assert (run.generation.status, run.generation.issue_type, run.generation.domain) == (
        "refused",
        "UNKNOWN",
        "general",
    )
    assert run.attempts == run.decisions == run.test_runs == ()


def test_result_without_judgements_counts_its_own_candidate(home, collector, result):
    run = History(home).run(collector.record(result))
    assert [(a.rule, a.is_chosen) for a in run.attempts] == [("get_with_default", True)]


def test_hits_that_were_counted_without_lookups_are_lookups_too(home, collector, result):
    metrics = result.metrics.model_copy(update={"cache_hits": 5, "cache_lookups": 0})
    collector.record(result.model_copy(update={"metrics": metrics}))
    assert History(home).metrics().cache_hit_rate == 1.0


def test_events_of_a_run_may_come_before_its_end(home, collector, result):
    history_id = uuid7()
    call = ModelCall(history_id=history_id, purpose="analysis", provider="p", model="m", status="ok", cost_usd=0.5)
    collector.ledger.append(call)
    assert collector.record(result, history_id=history_id) == history_id
    assert [c.model for c in History(home).run(history_id).model_calls] == ["m"]


def test_run_recorded_again_by_a_retry_is_there_once(home, collector, result, judgements):
    history_id = uuid7()
    for _ in range(2):
        collector.record(result, judgements=judgements, history_id=history_id)
    run = History(home).run(history_id)
    assert History(home).metrics().runs == 1
    assert (len(run.attempts), len(run.test_runs), len(run.patches)) == (2, 3, 2)
    assert len({event.id for event in (*run.attempts, *run.test_runs, *run.patches, *run.decisions)}) == 8


def test_text_that_json_cannot_carry_is_escaped_and_long_text_cut(home, collector, result):
    incident = Incident(id="i", title="bad \ud800 and \0 " + "x" * 10_000)
    run = History(home).run(collector.record(result.model_copy(update={"incident": incident})))
    assert run.generation.title.startswith(r"bad \ud800 and \x00 xxx")
    assert len(run.generation.title) == 4_000
    assert run.generation.title.endswith("…")


def test_home_that_cannot_be_written_is_named(tmp_path, result):
    (tmp_path / "file").write_text("")
    with pytest.raises(HistoryError, match="history ledger"):
        WorkflowMetricsCollector(Ledger(tmp_path / "file")).record(result)


@pytest.mark.parametrize("field", ["duration_s", "cost_usd"])
def test_value_out_of_all_bounds_is_named_and_nothing_is_written(home, collector, result, field):
    metrics = result.metrics.model_copy(update={field: float("nan")})
    with pytest.raises(HistoryError, match=r"'inc-7' cannot be recorded: "):
        collector.record(result.model_copy(update={"metrics": metrics}))
    assert not home.exists()


def test_monitor_adds_up_a_stage_that_is_entered_again():
    monitor = PerformanceMonitor()
    with monitor.stage("generation"), monitor.stage("search"):
        pass
    once = monitor.stage_s["generation"]
    with monitor.stage("generation"):
        pass
    assert list(monitor.stage_s) == ["generation", "search"]
    assert once <= monitor.stage_s["generation"] <= monitor.elapsed_s


def test_monitor_counts_a_stage_that_failed():
    monitor = PerformanceMonitor()
    with pytest.raises(KeyError), monitor.stage("context"):
        raise KeyError
    assert "context" in monitor.stage_s
