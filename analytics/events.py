"""What the history remembers: one frozen model for each table, written as one JSON line for each event.

`kind` is the table's name and each field is a column of it (a test compares them with the migrations). Fields are
only ever added, with a default, so that lines of every age can be read.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)

from analytics.ids import uuid7

SCHEMA_VERSION = 1
"""Of a ledger line (`v`); raised only when an old reader would misread a new line."""

MAX_TEXT = 4_000
MAX_PATCH = 400_000


def _clean(value: object, limit: int) -> object:
    """Text that UTF-8 and JSON can carry, cut with a mark where it is too long."""
    if not isinstance(value, str):
        return value
    if len(value) <= limit and value.isascii() and "\0" not in value:
        return value
    text = value.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


Text = Annotated[str, BeforeValidator(lambda value: _clean(value, MAX_TEXT))]
PatchText = Annotated[str, BeforeValidator(lambda value: _clean(value, MAX_PATCH))]
Uuid = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Count = Annotated[int, Field(ge=0, lt=2**31)]
Tokens = Annotated[int, Field(ge=0, lt=2**62)]
Seconds = Annotated[float, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Moment = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
Usd = Annotated[float, Field(ge=0, lt=1_000_000)]


class Row(BaseModel):
    # A line of a newer minor version may carry fields that this one does not know yet.
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class FileChange(Row):
    path: Text
    added: Count
    removed: Count


class StageTime(Row):
    stage: Text
    seconds: Seconds


class LevelScore(Row):
    level: Text
    passed: bool
    score: float
    duration_ms: float


class SuspectedPlace(Row):
    path: Text
    function: Text | None
    line: Count | None
    score: float
    evidence: tuple[Text, ...]
    """Kinds of evidence that point there, e.g. `stack-frame`."""


class Option(Row):
    """One of the things that a decision could have chosen, and the chance that it had."""

    name: Text
    propensity: Share


class Event(Row):
    v: Annotated[int, Field(ge=1, le=SCHEMA_VERSION)] = SCHEMA_VERSION
    id: Uuid = Field(default_factory=uuid7)
    recorded_at: Moment = Field(default_factory=lambda: datetime.now(UTC))
    history_id: Uuid
    """The run that it belongs to: the `id` of its generation."""
    run_id: Text = ""
    """The workflow engine's own id of that run."""


class Generation(Event):
    """One finished run, from incident to verdict."""

    kind: Literal["generation"] = "generation"
    started_at: Moment
    host: Text = ""
    version: Text = ""
    repository: Text = ""
    """Its name: the last part of its path."""
    commit_sha: Text | None = None
    content_hash: Text = ""
    source_files: Count = 0
    test_files: Count = 0
    incident_id: Text
    title: Text
    incident_source: Text
    service: Text | None = None
    fingerprint: Text = ""
    is_test: bool = False
    occurred_at: Moment | None = None
    issue_type: Text
    severity: Text
    domain: Text
    complexity: Text | None = None
    root_cause: Text = ""
    analysis_confidence: float | None = None
    fallback_used: bool = False
    suspects: tuple[SuspectedPlace, ...] = ()
    engine: Text
    generator: Text = ""
    technique: Text | None = None
    rule: Text | None = None
    strategy: Text | None = None
    strategy_propensity: Share | None = None
    """The chance with which the strategy was chosen; None when there was no choice."""
    model: Text | None = None
    prompt_version: Text | None = None
    prompt_hash: Text | None = None
    confidence: float | None = None
    """Of the chosen candidate, before its outcome was known."""
    chosen_rank: Count | None = None
    """1-based place of the chosen candidate among those judged."""
    attempts: Count = 0
    candidates_tried: Count = 0
    candidates_judged: Count = 0
    candidates_validated: Count = 0
    """Of those judged, the ones on which the levels ran."""
    candidates_valid: Count = 0
    test_runs: Count = 0
    status: Literal["fixed", "plausible", "unfixed", "refused", "failed"]
    reason: Text = ""
    is_valid: bool | None = None
    validation_score: float | None = None
    input_tokens: Tokens = 0
    output_tokens: Tokens = 0
    cost_usd: Usd = 0.0
    cache_hits: Count = 0
    cache_lookups: Count = 0
    duration_s: Seconds
    stages: tuple[StageTime, ...] = ()
    files: tuple[FileChange, ...] = ()


class Hypothesis(Event):
    """One explanation that analysis offered."""

    kind: Literal["hypothesis"] = "hypothesis"
    rank: Count
    statement: Text
    confidence: float
    path: Text | None = None
    function: Text | None = None
    line: Count | None = None
    evidence: tuple[Text, ...] = ()


class Attempt(Event):
    """One candidate patch that was judged."""

    kind: Literal["attempt"] = "attempt"
    rank: Count
    """1-based, in the order of judging."""
    candidate_id: Text
    technique: Text
    rule: Text
    generator: Text = ""
    issue_type: Text
    domain: Text
    confidence: float
    status: Text
    """The judgement of this candidate alone."""
    reason: Text = ""
    is_chosen: bool = False
    is_valid: bool | None = None
    """None when the levels did not run."""
    validation_score: float | None = None
    levels: tuple[LevelScore, ...] = ()
    suspicions: tuple[Text, ...] = ()
    resolves: tuple[Text, ...] = ()
    fixed_tests: Count = 0
    broken_tests: Count = 0
    files: tuple[FileChange, ...] = ()


class Patch(Event):
    """The text of a candidate, apart from the rows that queries scan."""

    kind: Literal["patch"] = "patch"
    candidate_id: Text
    patch: PatchText


class ValidationIssue(Event):
    """One complaint about one candidate."""

    kind: Literal["validation_issue"] = "validation_issue"
    candidate_id: Text
    level: Text
    code: Text
    severity: Text
    message: Text
    path: Text | None = None
    line: Count | None = None


class TestRun(Event):
    """One run of a test command."""

    __test__ = False

    kind: Literal["test_run"] = "test_run"
    phase: Literal["before", "after"]
    candidate_id: Text | None = None
    command: tuple[Text, ...] = ()
    passed: Count = 0
    failed: Count = 0
    errors: Count = 0
    skipped: Count = 0
    failing: tuple[Text, ...] = ()
    flaky: tuple[Text, ...] = ()
    duration_s: Seconds = 0.0
    exit_code: Annotated[int, Field(ge=-(2**31), lt=2**31)] | None = None
    ended_by: Text = "exit"
    sandbox: Text = ""


class ModelCall(Event):
    """One call to a language model, whether it was answered or not."""

    kind: Literal["model_call"] = "model_call"
    purpose: Text
    """The step that asked, e.g. `analysis`."""
    provider: Text
    model: Text
    prompt_version: Text = ""
    prompt_hash: Text = ""
    status: Text
    """`ok`, or the kind of failure."""
    error: Text = ""
    input_tokens: Tokens = 0
    cached_tokens: Tokens = 0
    """The part of `input_tokens` that the provider had cached."""
    thinking_tokens: Tokens = 0
    output_tokens: Tokens = 0
    cost_usd: Usd = 0.0
    latency_ms: Annotated[float, Field(ge=0)] = 0.0
    tries: Count = 1


class Cost(Event):
    """Money settled against a budget."""

    kind: Literal["cost"] = "cost"
    category: Text
    """What was paid for, e.g. `model`."""
    item: Text
    """Which one, e.g. the model's name."""
    amount_usd: Usd
    reserved_usd: Usd = 0.0


class CacheLookup(Event):
    kind: Literal["cache_lookup"] = "cache_lookup"
    cache: Text
    """Which one, e.g. `repository-context`."""
    is_hit: bool
    match: Text = ""
    """How it matched, e.g. `exact` or `similar`; empty for a miss."""
    saved_usd: Usd = 0.0
    duration_ms: Annotated[float, Field(ge=0)] = 0.0


class Decision(Event):
    """One choice between options, with what is needed to judge it later."""

    kind: Literal["decision"] = "decision"
    subject: Text
    """What was decided, e.g. `strategy`."""
    chosen: Text
    options: tuple[Option, ...] = ()
    source: Literal["prior", "learned", "pinned", "only-option"] = "prior"
    reason: Text = ""
    learned_version: Text | None = None
    """The version of the learned values that were used."""


class Outcome(Event):
    """What became of a run's patch after the run."""

    kind: Literal["outcome"] = "outcome"
    verdict: Literal["approved", "rejected", "delivered", "merged", "reverted", "recurred"]
    actor: Literal["person", "policy", "system"] = "person"
    comment: Text = ""
    link: Text = ""


HistoryEvent = (
    Generation
    | Hypothesis
    | Attempt
    | Patch
    | ValidationIssue
    | TestRun
    | ModelCall
    | Cost
    | CacheLookup
    | Decision
    | Outcome
)
EVENT_TYPES: dict[str, type[Event]] = {
    "generation": Generation,
    "hypothesis": Hypothesis,
    "attempt": Attempt,
    "patch": Patch,
    "validation_issue": ValidationIssue,
    "test_run": TestRun,
    "model_call": ModelCall,
    "cost": Cost,
    "cache_lookup": CacheLookup,
    "decision": Decision,
    "outcome": Outcome,
}


_LINE: TypeAdapter[HistoryEvent] = TypeAdapter(Annotated[HistoryEvent, Field(discriminator="kind")])


def encode(event: HistoryEvent) -> bytes:
    """The event as one ledger line."""
    return event.model_dump_json().encode() + b"\n"


def decode(line: bytes) -> HistoryEvent:
    """The event of one ledger line; raises ValueError (pydantic's ValidationError) when it is not one."""
    return _LINE.validate_json(line)


def reason_of(error: ValidationError) -> str:
    """The first complaint about an event or its line."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else first["msg"]
