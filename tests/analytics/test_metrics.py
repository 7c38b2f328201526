"""Metrics and marts against numbers worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from analytics.events import Attempt, CacheLookup, ModelCall, Outcome, StageTime, ValidationIssue
from analytics.history import History, Mart
from analytics.ledger import Ledger
from analytics.metrics import Dimension
from tasks.errors import InputError

DAY_1 = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY_2 = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def history(home):
    return History(home)


@pytest.fixture
def four_runs(home, make_generation):
    """Two fixed on the first day; one unfixed and one refused on the second."""
    ledger = Ledger(home)
    runs = [
        make_generation(
            recorded_at=DAY_1,
            duration_s=2,
            cost_usd=0.10,
            cache_hits=1,
            cache_lookups=4,
            candidates_validated=3,
            candidates_valid=1,
            candidates_tried=10,
            fingerprint="f1",
            stages=(StageTime(stage="generation", seconds=1.5),),
        ),
        make_generation(
            recorded_at=DAY_1 + timedelta(hours=1),
            duration_s=4,
            cost_usd=0.30,
            candidates_validated=1,
            candidates_valid=1,
            candidates_tried=30,
            fingerprint="f1",
            title="KeyError again",
            stages=(StageTime(stage="generation", seconds=3.0), StageTime(stage="context", seconds=0.5)),
        ),
        make_generation(
            recorded_at=DAY_2,
            duration_s=12,
            status="unfixed",
            reason="no candidate passed in 30 s",
            issue_type="API_ERROR",
            domain="api",
            strategy="search-first",
        ),
        make_generation(recorded_at=DAY_2, duration_s=0, status="refused", reason="budget", cost_usd=0.02),
    ]
    ledger.append_all(runs)
    ledger.append(Outcome(history_id=runs[1].id, verdict="merged"))
    ledger.append(make_generation(is_test=True, duration_s=999))
    return runs


def test_six_metrics_over_all_runs(four_runs, history):
    metrics = history.metrics()
    assert (metrics.runs, metrics.refused, metrics.fixed, metrics.unfixed) == (4, 1, 2, 1)
    assert metrics.success_rate == pytest.approx(2 / 3)
    assert metrics.validation_pass_rate == pytest.approx(2 / 4)
    assert (metrics.mean_s, metrics.p50_s) == (pytest.approx(6), pytest.approx(4))
    assert metrics.p95_s == pytest.approx(4 + 0.9 * 8)
    assert metrics.cost_per_generation_usd == pytest.approx(0.42 / 3)
    assert metrics.cost_per_accepted_usd == pytest.approx(0.42)
    assert metrics.cache_hit_rate == pytest.approx(1 / 4)
    assert metrics.median_tried == pytest.approx(20)
    assert metrics.learning
    assert metrics.learning.effectiveness is None


def test_period_takes_its_start_and_leaves_its_end_out(four_runs, history):
    assert history.metrics(since=DAY_1, until=DAY_2).runs == 2
    assert history.metrics(since=DAY_2).runs == 2
    elsewhere = DAY_2.astimezone(tz=None)
    assert history.metrics(since=elsewhere).runs == 2


def test_metrics_by_day_are_in_order(four_runs, history):
    days = history.metrics_by("day")
    assert [(day.value, day.runs, day.success_rate) for day in days] == [
        ("2026-03-01", 2, 1.0),
        ("2026-03-02", 2, 0.0),
    ]


def test_metrics_by_a_dimension_that_some_runs_lack(four_runs, history):
    assert {each.value: each.runs for each in history.metrics_by("strategy")} == {"(none)": 3, "search-first": 1}
    assert [each.value for each in history.metrics_by("issue_type")] == ["RUNTIME_ERROR", "API_ERROR"]


@pytest.mark.parametrize("dimension", get_args(Dimension))
def test_every_dimension_accounts_for_every_run(four_runs, history, dimension):
    assert sum(each.runs for each in history.metrics_by(dimension)) == 4


def test_unknown_names_are_refused_with_what_there_is(history):
    with pytest.raises(InputError, match="'weather'; there are day, "):
        history.metrics_by("weather")
    with pytest.raises(InputError, match="'gossip'; there are caches, "):
        history.mart("gossip")
    with pytest.raises(InputError, match="'pg_class'; there are attempt, "):
        history.frame("pg_class")
    with pytest.raises(InputError, match="no run 'abc'"):
        history.run("abc")


def test_run_is_found_by_the_beginning_of_its_id(four_runs, history):
    assert history.run(four_runs[0].id[:-1]).generation.id == four_runs[0].id
    with pytest.raises(InputError, match="runs begin with ''"):
        history.run("")
    with pytest.raises(InputError, match="no run '%'"):
        history.run("%")


def test_runs_are_listed_newest_first_by_status_and_time(four_runs, history):
    assert [run.id for run in history.runs()][2:] == [four_runs[1].id, four_runs[0].id]
    assert [run.id for run in history.runs(status="fixed")] == [four_runs[1].id, four_runs[0].id]
    assert {run.id for run in history.runs(since=DAY_2)} == {four_runs[2].id, four_runs[3].id}
    assert len(history.runs(limit=1)) == 1


def test_learning_is_measured_for_the_same_mix_of_issue_types(home, make_generation, history):
    """Each type got better by 0.25, while the mix moved to the type that is harder."""
    ledger, number = Ledger(home), 0
    plan = [("LOGIC_ERROR", 40, 20), ("API_ERROR", 8, 0), ("LOGIC_ERROR", 8, 6), ("API_ERROR", 40, 10)]
    runs = []
    for issue_type, count, fixed in plan:
        for index in range(count):
            number += 1
            runs.append(
                make_generation(
                    issue_type=issue_type,
                    status="fixed" if index < fixed else "unfixed",
                    recorded_at=DAY_1 + timedelta(minutes=number),
                )
            )
    ledger.append_all(runs)
    learning = history.metrics().learning
    assert learning
    assert (learning.earlier_runs, learning.later_runs) == (48, 48)
    assert learning.effectiveness == pytest.approx(0.25)
    expected = (8 / 48) ** 2 * (0.25 / 40 + 0.1875 / 8) + (40 / 48) ** 2 * (0 + 0.1875 / 40)
    assert learning.standard_error == pytest.approx(expected**0.5)


@pytest.mark.parametrize("mart", get_args(Mart))
def test_every_mart_of_an_empty_history_is_empty(history, mart):
    assert history.mart(mart) == []


def test_stages_and_recurring_incidents_and_reasons(four_runs, history):
    generation, context = history.mart("slowest_stages")
    assert (generation["stage"], generation["runs"], generation["total_s"]) == ("generation", 2, 4.5)
    assert context["share_of_time"] == pytest.approx(0.5 / 5)
    (incident,) = history.mart("recurring_incidents")
    assert (incident["title"], incident["runs"], incident["fixed"], incident["accepted"]) == ("KeyError again", 2, 2, 1)
    assert incident["first_seen"] == DAY_1
    assert {row["reason"]: row["share_of_runs"] for row in history.mart("unfixed_reasons")} == {
        "budget": 0.5,
        "no candidate passed in # s": 0.5,
    }


@pytest.fixture
def candidates(home, four_runs):
    """Judged in the first run: confidences 0.92 and 0.95 of which one came true, and 0.15, which did not."""
    ledger, run = Ledger(home), four_runs[1]
    for rank, (confidence, status) in enumerate([(0.92, "fixed"), (0.95, "unfixed"), (0.15, "unfixed")], 1):
        ledger.append(
            Attempt(
                history_id=run.id,
                recorded_at=DAY_1,
                rank=rank,
                candidate_id=f"c{rank}",
                technique="search",
                rule="swap_operands",
                issue_type="RUNTIME_ERROR",
                domain="general",
                confidence=confidence,
                status=status,
                is_valid=status == "fixed",
                is_chosen=status == "fixed",
            )
        )
    for candidate_id in ("c2", "c2", "c3"):
        ledger.append(
            ValidationIssue(
                history_id=run.id,
                candidate_id=candidate_id,
                level="security",
                code="B110",
                severity="warning",
                message="try, except, pass",
            )
        )


def test_reliability_tells_claims_from_what_came_true(candidates, history):
    low, high = history.mart("reliability")
    assert (low["bin"], low["candidates"], low["fixed_rate"]) == (1, 1, 0.0)
    assert (high["bin"], high["candidates"], high["fixed_rate"]) == (9, 2, 0.5)
    assert high["mean_confidence"] == pytest.approx(0.935)
    assert high["brier"] == pytest.approx((0.08**2 + 0.95**2) / 2)
    assert high["low"] == pytest.approx(0.0945, abs=1e-3)
    assert high["high"] == pytest.approx(0.9055, abs=1e-3)


def test_rules_and_failing_checks_count_candidates(candidates, history):
    (rule,) = history.mart("rules")
    assert (rule["rule"], rule["judged"], rule["fixed"], rule["chosen"], rule["accepted"]) == (
        "swap_operands",
        3,
        1,
        1,
        1,
    )
    (check,) = history.mart("failing_checks")
    assert (check["code"], check["candidates"], check["runs"]) == ("B110", 2, 1)
    assert check["share_of_judged"] == pytest.approx(2 / 4)


def test_model_calls_and_caches(home, four_runs, history):
    ledger, run_id = Ledger(home), four_runs[0].id
    for status, latency_ms in (("ok", 100), ("ok", 300), ("timeout", 9_000)):
        ledger.append(
            ModelCall(
                history_id=run_id,
                purpose="analysis",
                provider="local",
                model="m",
                status=status,
                latency_ms=latency_ms,
                cost_usd=0.25,
            )
        )
    for is_hit, match in ((True, "similar"), (True, "exact"), (False, ""), (False, "")):
        ledger.append(CacheLookup(history_id=run_id, cache="response", is_hit=is_hit, match=match, saved_usd=0.1))
    (call,) = history.mart("model_calls")
    assert (call["calls"], call["failed"], call["cost_usd"], call["p50_ms"]) == (3, 1, 0.75, 200)
    (cache,) = history.mart("caches")
    assert (cache["lookups"], cache["hit_rate"], cache["similar_hits"]) == (4, 0.5, 1)
