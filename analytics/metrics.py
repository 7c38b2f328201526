"""What people read of the history: one run, and the metrics of many."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from analytics import events

Dimension = Literal[
    "day",
    "issue_type",
    "domain",
    "severity",
    "generator",
    "strategy",
    "engine",
    "model",
    "repository",
    "service",
    "technique",
    "rule",
]


class _Read(BaseModel):
    # The query names more columns than a model shows.
    model_config = ConfigDict(frozen=True, extra="ignore")


class GenerationHistory(_Read):
    """One finished run."""

    id: str
    """The history id, as `RemediationResult.history_id` has it."""
    run_id: str
    started_at: datetime
    recorded_at: datetime
    host: str
    version: str
    repository: str
    commit_sha: str | None = None
    incident_id: str
    title: str
    incident_source: str
    service: str | None = None
    fingerprint: str
    issue_type: str
    severity: str
    domain: str
    complexity: str | None = None
    root_cause: str
    engine: str
    generator: str
    technique: str | None = None
    rule: str | None = None
    strategy: str | None = None
    model: str | None = None
    confidence: float | None = None
    status: Literal["fixed", "plausible", "unfixed", "refused", "failed"]
    reason: str
    is_valid: bool | None = None
    validation_score: float | None = None
    attempts: int
    candidates_tried: int
    candidates_judged: int
    test_runs: int
    input_tokens: int
    output_tokens: int
    cost_usd: float
    cache_hits: int
    cache_lookups: int
    duration_s: float
    stages: tuple[events.StageTime, ...]
    files: tuple[events.FileChange, ...]
    verdict: Literal["approved", "rejected", "delivered", "merged", "reverted", "recurred"] | None = None
    """What became of the patch, as recorded last."""


class RunHistory(_Read):
    """One run with all that was recorded of it."""

    generation: GenerationHistory
    hypotheses: tuple[events.Hypothesis, ...] = ()
    decisions: tuple[events.Decision, ...] = ()
    attempts: tuple[events.Attempt, ...] = ()
    patches: tuple[events.Patch, ...] = ()
    validation_issues: tuple[events.ValidationIssue, ...] = ()
    test_runs: tuple[events.TestRun, ...] = ()
    model_calls: tuple[events.ModelCall, ...] = ()
    cache_lookups: tuple[events.CacheLookup, ...] = ()
    costs: tuple[events.Cost, ...] = ()
    outcomes: tuple[events.Outcome, ...] = ()


class PerformanceMetrics(_Read):
    """The seed document's six metrics over some runs, as the SQL defines them; None: nothing to divide by."""

    value: str = "all"
    """What these runs have in common: a value of the dimension, or `all`."""
    runs: int = 0
    refused: int = 0
    fixed: int = 0
    plausible: int = 0
    unfixed: int = 0
    failed: int = 0
    accepted: int = 0
    success_rate: float | None = None
    """Generation success rate: fixed runs of those that were let to try."""
    offered_rate: float | None = None
    """Fixed or plausible runs of those that were let to try."""
    validation_pass_rate: float | None = None
    """Candidates that passed, of those on which the levels ran."""
    mean_s: float | None = None
    """Average generation time."""
    p50_s: float | None = None
    p95_s: float | None = None
    cost_usd: float = 0.0
    cost_per_generation_usd: float | None = None
    cost_per_accepted_usd: float | None = None
    cache_hits: int = 0
    cache_lookups: int = 0
    cache_hit_rate: float | None = None
    median_tried: float | None = None
    """Candidates tried in fixed runs."""
    learning: LearningEffectiveness | None = None
    """Only for all runs of a period together."""


class LearningEffectiveness(_Read):
    """Success of the later half of a period against the earlier half, for the same mix of issue types."""

    earlier_runs: int
    later_runs: int
    earlier_rate: float | None
    later_rate: float | None
    effectiveness: float | None
    """Change of the success rate, -1..1; None with fewer than 20 runs in either half."""
    standard_error: float | None


PerformanceMetrics.model_rebuild()
