"""What one finished run says, as history events."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import metadata
from typing import Literal

from analytics import events
from analytics.changes import file_changes
from analytics.ids import uuid_below
from tasks.models import (
    Alternative,
    IssueType,
    Judgement,
    RemediationResult,
    RepositoryContext,
    Suspect,
    TestRun,
    ValidationFeedback,
    ValidationResult,
)

MAX_SUSPECTS = 10


@dataclass(frozen=True)
class RunDetails:
    """What a result does not say about how it came about."""

    started_at: datetime | None = None
    """None: now less the run's duration."""
    generator: str = ""
    model: str | None = None
    prompt_version: str | None = None
    prompt_hash: str | None = None
    strategy_options: Mapping[str, float] = field(default_factory=dict)
    """Strategy to the chance that it had of being chosen; empty when there was no choice."""
    strategy_source: Literal["prior", "learned", "pinned", "only-option"] = "prior"
    learned_version: str | None = None


@dataclass(frozen=True)
class _Judged:
    """A judgement with what is costly to work out of its candidate."""

    rank: int
    judgement: Judgement
    candidate_id: str
    files: tuple[events.FileChange, ...]
    is_chosen: bool


class RunEvents:
    """The events that one finished run brings."""

    def __init__(
        self,
        result: RemediationResult,
        repository: RepositoryContext | None,
        judgements: Sequence[Judgement],
        run_id: str,
        history_id: str,
        details: RunDetails,
    ) -> None:
        self.result = result
        self.repository = repository
        self.run_id = run_id
        self.history_id = history_id
        self.details = details
        self.chosen_id = result.candidate.id if result.candidate else ""
        self.judged = [self._judged(rank, each) for rank, each in enumerate(judgements or _own_judgement(result), 1)]

    def _judged(self, rank: int, judgement: Judgement) -> _Judged:
        candidate_id = judgement.candidate.id
        files = file_changes(judgement.candidate.edits)
        return _Judged(rank, judgement, candidate_id, files, is_chosen=candidate_id == self.chosen_id)

    def __iter__(self) -> Iterator[events.HistoryEvent]:
        """Each has the same id whenever it is asked for, so that a run recorded twice is there once."""
        yield self._generation()
        for number, part in enumerate(self._parts()):
            yield part.model_copy(update={"id": uuid_below(self.history_id, number)})

    def _parts(self) -> Iterator[events.HistoryEvent]:
        yield from self._hypotheses()
        yield from self._decisions()
        for judged in self.judged:
            yield self._attempt(judged)
            yield from self._issues(judged.candidate_id, judged.judgement.validation)
        if not self.judged:
            yield from self._issues("", self.result.validation_result)
        yield from self._test_runs()
        yield from self._patches()
        yield from self._costs()

    @property
    def issue_type(self) -> IssueType:
        analysis = self.result.analysis
        return analysis.issue_type if analysis else self.result.incident.type or IssueType.UNKNOWN

    @property
    def domain(self) -> str:
        return self.result.analysis.domain if self.result.analysis else self.issue_type.domain

    def _generation(self) -> events.Generation:
        result, incident, metrics, details = self.result, self.result.incident, self.result.metrics, self.details
        analysis, validation, candidate = result.analysis, result.validation_result, result.candidate
        repository = self.repository
        chosen = next((judged for judged in self.judged if judged.is_chosen), None)
        validations = [judged.judgement.validation for judged in self.judged if judged.judgement.validation]
        return events.Generation(
            id=self.history_id,
            history_id=self.history_id,
            run_id=self.run_id,
            started_at=details.started_at or datetime.now(UTC) - timedelta(seconds=metrics.duration_s),
            host=socket.gethostname(),
            version=_version(),
            repository=repository.root.name if repository else "",
            commit_sha=repository.commit if repository else None,
            content_hash=repository.content_hash if repository else "",
            source_files=len(repository.source_files) if repository else 0,
            test_files=len(repository.test_files) if repository else 0,
            incident_id=incident.id,
            title=incident.title,
            incident_source=incident.source,
            service=incident.service,
            fingerprint=incident.fingerprint,
            is_test=incident.is_test,
            occurred_at=_aware(incident.occurred_at),
            issue_type=self.issue_type,
            severity=analysis.severity if analysis else incident.severity,
            domain=self.domain,
            complexity=analysis.complexity if analysis else None,
            root_cause=analysis.root_cause if analysis else "",
            analysis_confidence=analysis.confidence if analysis else None,
            fallback_used=analysis.fallback_used if analysis else False,
            suspects=tuple(_place(suspect) for suspect in analysis.suspects[:MAX_SUSPECTS]) if analysis else (),
            engine=metrics.engine,
            generator=details.generator or (candidate.generator if candidate else ""),
            technique=candidate.technique if candidate else None,
            rule=candidate.rule if candidate else None,
            strategy=analysis.strategy if analysis else None,
            strategy_propensity=details.strategy_options.get(analysis.strategy) if analysis else None,
            model=details.model,
            prompt_version=details.prompt_version,
            prompt_hash=details.prompt_hash,
            confidence=candidate.confidence if candidate else None,
            chosen_rank=chosen.rank if chosen else None,
            attempts=metrics.attempts,
            candidates_tried=metrics.candidates_tried,
            candidates_judged=len(self.judged),
            candidates_validated=len(validations),
            candidates_valid=sum(each.is_valid for each in validations),
            test_runs=metrics.test_runs,
            status=result.status.value,
            reason=result.reason,
            is_valid=validation.is_valid if validation else None,
            validation_score=validation.score if validation else None,
            input_tokens=metrics.input_tokens,
            output_tokens=metrics.output_tokens,
            cost_usd=metrics.cost_usd,
            cache_hits=metrics.cache_hits,
            # A hit is a look-up too, whatever was counted.
            cache_lookups=max(metrics.cache_lookups, metrics.cache_hits),
            duration_s=metrics.duration_s,
            stages=tuple(events.StageTime(stage=name, seconds=s) for name, s in metrics.stage_s.items()),
            files=chosen.files if chosen else (),
        )

    def _hypotheses(self) -> Iterator[events.Hypothesis]:
        for rank, hypothesis in enumerate(self.result.analysis.hypotheses if self.result.analysis else (), 1):
            suspect = hypothesis.suspect
            yield events.Hypothesis(
                history_id=self.history_id,
                run_id=self.run_id,
                rank=rank,
                statement=hypothesis.statement,
                confidence=hypothesis.confidence,
                path=suspect.path if suspect else None,
                function=suspect.function if suspect else None,
                line=suspect.line if suspect else None,
                evidence=tuple(evidence.kind for evidence in hypothesis.evidence),
            )

    def _decisions(self) -> Iterator[events.Decision]:
        analysis, details = self.result.analysis, self.details
        if analysis:
            yield events.Decision(
                history_id=self.history_id,
                run_id=self.run_id,
                subject="strategy",
                chosen=analysis.strategy,
                options=tuple(events.Option(name=n, propensity=p) for n, p in details.strategy_options.items()),
                source=details.strategy_source,
                reason=analysis.strategy_reason,
                learned_version=details.learned_version,
            )

    def _attempt(self, judged: _Judged) -> events.Attempt:
        judgement = judged.judgement
        candidate, validation = judgement.candidate, judgement.validation
        return events.Attempt(
            history_id=self.history_id,
            run_id=self.run_id,
            rank=judged.rank,
            candidate_id=judged.candidate_id,
            technique=candidate.technique,
            rule=candidate.rule,
            generator=candidate.generator,
            issue_type=self.issue_type,
            domain=self.domain,
            confidence=candidate.confidence,
            status=judgement.status,
            reason=judgement.reason,
            is_chosen=judged.is_chosen,
            is_valid=validation.is_valid if validation else None,
            validation_score=validation.score if validation else None,
            levels=_levels(validation),
            suspicions=candidate.suspicions,
            resolves=candidate.resolves,
            fixed_tests=len(judgement.evidence.fixed_tests),
            broken_tests=len(judgement.evidence.broken_tests),
            files=judged.files,
        )

    def _issues(self, candidate_id: str, validation: ValidationResult | None) -> Iterator[events.ValidationIssue]:
        for issue in validation.issues if validation else ():
            yield events.ValidationIssue(
                history_id=self.history_id,
                run_id=self.run_id,
                candidate_id=candidate_id,
                level=issue.level,
                code=issue.code,
                severity=issue.severity,
                message=issue.message,
                path=issue.path,
                line=issue.line,
            )

    def _test_runs(self) -> Iterator[events.TestRun]:
        before = self.result.evidence.before
        if before:
            yield self._test_run("before", None, before)
        for judged in self.judged:
            if judged.judgement.evidence.after:
                yield self._test_run("after", judged.candidate_id, judged.judgement.evidence.after)

    def _test_run(self, phase: Literal["before", "after"], candidate_id: str | None, run: TestRun) -> events.TestRun:
        facts = run.model_dump(exclude={"output_tail"})
        return events.TestRun(
            history_id=self.history_id, run_id=self.run_id, phase=phase, candidate_id=candidate_id, **facts
        )

    def _patches(self) -> Iterator[events.Patch]:
        if self.result.patch:
            yield self._patch(self.chosen_id, self.result.patch)
        for alternative in self.result.alternatives:
            yield self._patch(self._id_of(alternative), alternative.patch)

    def _patch(self, candidate_id: str, patch: str) -> events.Patch:
        return events.Patch(history_id=self.history_id, run_id=self.run_id, candidate_id=candidate_id, patch=patch)

    def _id_of(self, alternative: Alternative) -> str:
        wanted = (alternative.rule, alternative.description)
        return next(
            (
                judged.candidate_id
                for judged in self.judged
                if (judged.judgement.candidate.rule, judged.judgement.candidate.description) == wanted
            ),
            "",
        )

    def _costs(self) -> Iterator[events.Cost]:
        if self.result.metrics.cost_usd:
            yield events.Cost(
                history_id=self.history_id,
                run_id=self.run_id,
                category="model",
                item=self.details.model or "",
                amount_usd=self.result.metrics.cost_usd,
            )


def _own_judgement(result: RemediationResult) -> tuple[Judgement, ...]:
    """What a result itself tells of its candidate, for callers that kept no judgements."""
    if result.candidate is None:
        return ()
    return (
        Judgement(
            candidate=result.candidate,
            status=result.status,
            reason=result.reason,
            validation=result.validation_result,
            evidence=result.evidence,
            feedback=ValidationFeedback(candidate_id=result.candidate.id),
        ),
    )


def _place(suspect: Suspect) -> events.SuspectedPlace:
    return events.SuspectedPlace(
        path=suspect.path,
        function=suspect.function,
        line=suspect.line,
        score=suspect.score,
        evidence=tuple(dict.fromkeys(reason.kind for reason in suspect.reasons)),
    )


def _levels(validation: ValidationResult | None) -> tuple[events.LevelScore, ...]:
    results = validation.levels.values() if validation else ()
    return tuple(
        events.LevelScore(level=each.level, passed=each.passed, score=each.score, duration_ms=each.duration_ms)
        for each in results
        if each.skipped is None
    )


def _aware(moment: datetime | None) -> datetime | None:
    """A time without a zone is taken as UTC, as alert sources mean it."""
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


@cache
def _version() -> str:
    return metadata.version("mendflow")
