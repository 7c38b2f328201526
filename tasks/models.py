"""The nouns that cross a stage boundary, in the order in which a run meets them.

All are frozen; what a stage returns is a new value. Paths are POSIX strings relative to the repository root
unless a field says otherwise.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Severity(StrEnum):
    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Domain(StrEnum):
    API = "api"
    DATABASE = "database"
    SECURITY = "security"
    PERFORMANCE = "performance"
    GENERAL = "general"


class IssueType(StrEnum):
    """What kind of fault an incident reports; spelled as in the seed document's examples."""

    API_ERROR = "API_ERROR"
    AUTHENTICATION_ERROR = "AUTHENTICATION_ERROR"
    RATE_LIMIT_ERROR = "RATE_LIMIT_ERROR"
    ENDPOINT_FAILURE = "ENDPOINT_FAILURE"
    RESPONSE_VALIDATION_ERROR = "RESPONSE_VALIDATION_ERROR"
    DATABASE_ERROR = "DATABASE_ERROR"
    CONNECTION_ERROR = "CONNECTION_ERROR"
    QUERY_ERROR = "QUERY_ERROR"
    DEADLOCK_ERROR = "DEADLOCK_ERROR"
    MIGRATION_ERROR = "MIGRATION_ERROR"
    SECURITY_ISSUE = "SECURITY_ISSUE"
    ACCESS_CONTROL_ERROR = "ACCESS_CONTROL_ERROR"
    ENCRYPTION_ERROR = "ENCRYPTION_ERROR"
    PERFORMANCE_ISSUE = "PERFORMANCE_ISSUE"
    RESOURCE_EXHAUSTION = "RESOURCE_EXHAUSTION"
    RUNTIME_ERROR = "RUNTIME_ERROR"
    LOGIC_ERROR = "LOGIC_ERROR"
    UNKNOWN = "UNKNOWN"

    @property
    def domain(self) -> Domain:
        return _DOMAIN_OF.get(self, Domain.GENERAL)


_DOMAIN_OF = {
    IssueType.API_ERROR: Domain.API,
    IssueType.AUTHENTICATION_ERROR: Domain.API,
    IssueType.RATE_LIMIT_ERROR: Domain.API,
    IssueType.ENDPOINT_FAILURE: Domain.API,
    IssueType.RESPONSE_VALIDATION_ERROR: Domain.API,
    IssueType.DATABASE_ERROR: Domain.DATABASE,
    IssueType.CONNECTION_ERROR: Domain.DATABASE,
    IssueType.QUERY_ERROR: Domain.DATABASE,
    IssueType.DEADLOCK_ERROR: Domain.DATABASE,
    IssueType.MIGRATION_ERROR: Domain.DATABASE,
    IssueType.SECURITY_ISSUE: Domain.SECURITY,
    IssueType.ACCESS_CONTROL_ERROR: Domain.SECURITY,
    IssueType.ENCRYPTION_ERROR: Domain.SECURITY,
    IssueType.PERFORMANCE_ISSUE: Domain.PERFORMANCE,
    IssueType.RESOURCE_EXHAUSTION: Domain.PERFORMANCE,
}


# --- incident ---------------------------------------------------------------------------------------------


class StackFrame(Frozen):
    path: str
    """As the reporter wrote it: often absolute, from another machine."""
    line: int | None = None
    function: str | None = None
    code: str | None = None


class ExceptionInfo(Frozen):
    type: str
    """Qualified as reported, e.g. `KeyError` or `sqlite3.OperationalError`; empty when only frames are known."""
    message: str = ""
    frames: tuple[StackFrame, ...] = ()
    """Outermost call first, the raising frame last."""
    relation: Literal["raised", "cause", "context", "group"] = "raised"
    """How it came to the exception reported last: `cause` is `raise ... from`, `context` is 'during handling'."""


class CodeLocation(Frozen):
    path: str
    line: int | None = None
    rule_id: str | None = None
    """The static analysis rule, e.g. `B608` or `py/sql-injection`."""
    tool: str | None = None


class Incident(Frozen):
    """One fault to mend, whatever reported it."""

    id: str
    title: str
    description: str = ""
    type: IssueType | None = None
    """None when the reporter did not say; analysis classifies it."""
    severity: Severity = Severity.MEDIUM
    status: Literal["firing", "resolved"] = "firing"
    service: str | None = None
    source: str = "incident"
    fingerprint: str = ""
    """Equal for two reports of the same fault."""
    occurred_at: datetime | None = None
    logs: str = ""
    stack_trace: str = ""
    exceptions: tuple[ExceptionInfo, ...] = ()
    """Parsed from `stack_trace`, `logs`, `description` or the payload; oldest first, the one reported last is last."""
    locations: tuple[CodeLocation, ...] = ()
    labels: dict[str, str] = Field(default_factory=dict)
    links: tuple[str, ...] = ()
    test_command: tuple[str, ...] | None = None
    failing_tests: tuple[str, ...] = ()
    environment: dict[str, str] = Field(default_factory=dict)
    """Variables that the repository's tests need."""
    is_test: bool = False
    """A connection test of the sender, not a fault."""
    notes: tuple[str, ...] = ()
    """What intake did or doubts: a label that was cut, a date in the future, other incidents in the same payload ..."""


# --- context ----------------------------------------------------------------------------------------------


class Commit(Frozen):
    sha: str
    author: str
    committed_at: datetime
    subject: str
    paths: tuple[str, ...] = ()


class Dependency(Frozen):
    name: str
    specifier: str = ""
    source: str
    """The file that declares it."""


class Conventions(Frozen):
    """House style as the repository's own files show it; None where they do not agree or do not say."""

    indent: str = "    "
    newline: Literal["\n", "\r\n"] = "\n"
    line_length: int | None = None
    quote: Literal["'", '"'] | None = None
    logging: Literal["logging", "structlog", "loguru"] | None = None
    type_hints: bool = False
    docstrings: bool = False
    test_framework: Literal["pytest", "unittest"] | None = None


class Evidence(Frozen):
    kind: str
    """Where it was seen: `stack-frame`, `log-line`, `commit`, `name`, `spectrum`, `rule`, `label`, `test` ..."""
    detail: str
    weight: float = 1.0
    """Share of the belief that it carries, 0..1."""


class Suspect(Frozen):
    """A place that may hold the fault."""

    path: str
    function: str | None = None
    """Qualified inside its file, e.g. `Client.fetch`."""
    line: int | None = None
    score: float
    """0..1; the suspects of one ranking sum to 1."""
    reasons: tuple[Evidence, ...] = ()


class RepositoryContext(Frozen):
    root: Path
    """Absolute; never written to."""
    commit: str | None = None
    """Full hash of HEAD; None for a plain folder or a repository without commits."""
    branch: str | None = None
    is_git: bool = False
    is_shallow: bool = False
    content_hash: str = ""
    """Equal for equal file contents; the cache key of what is derived from them."""
    languages: dict[str, int] = Field(default_factory=dict)
    """Language to number of files, most first."""
    source_files: tuple[str, ...] = ()
    test_files: tuple[str, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    conventions: Conventions = Conventions()
    test_command: tuple[str, ...] | None = None
    """None when no tests were found."""
    python: str | None = None
    """The repository's own interpreter (absolute), when it has a virtual environment."""
    minimum_python: tuple[int, int] | None = None
    recent_commits: tuple[Commit, ...] = ()
    """Newest first."""
    suspects: tuple[Suspect, ...] = ()
    """For the incident that the context was built for, best first."""
    notes: tuple[str, ...] = ()
    """What a person should know: not a git repository, shallow clone, no tests found ..."""


class ContextBuild(Frozen):
    """A context and what building it took from the caches."""

    repository: RepositoryContext
    cache_hits: int = 0
    cache_lookups: int = 0


# --- analysis ---------------------------------------------------------------------------------------------


class Complexity(StrEnum):
    SIMPLE = "simple"
    MODERATE = "moderate"
    COMPLEX = "complex"


class Strategy(StrEnum):
    """The order in which generation tries its techniques; the values of `Analysis.strategy`."""

    CODEMODS_FIRST = "codemods-first"
    CRASH_TEMPLATES_FIRST = "crash-templates-first"
    SEARCH_FIRST = "search-first"


class Hypothesis(Frozen):
    """One explanation of the incident."""

    statement: str
    confidence: float
    """0..1; the hypotheses of one analysis sum to at most 1."""
    evidence: tuple[Evidence, ...] = ()
    suspect: Suspect | None = None


class Analysis(Frozen):
    issue_type: IssueType
    severity: Severity
    domain: Domain
    complexity: Complexity
    root_cause: str
    """The statement of the best hypothesis."""
    hypotheses: tuple[Hypothesis, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    strategy: str
    """The `Strategy` chosen, e.g. `codemods-first`."""
    strategy_reason: str
    confidence: float
    evidence: dict[str, tuple[Evidence, ...]] = Field(default_factory=dict)
    """What speaks for `issue_type`, `severity`, `domain` and `complexity`."""
    fallback_used: bool = False


# --- generation -------------------------------------------------------------------------------------------


class FileEdit(Frozen):
    """One file before and after; None means that it does not exist on that side."""

    path: str
    before: str | None
    after: str | None
    encoding: str = "utf-8"


class Technique(StrEnum):
    CODEMOD = "codemod"
    CRASH_TEMPLATE = "crash-template"
    SEARCH = "search"
    MODEL = "model"


class CandidatePatch(Frozen):
    edits: tuple[FileEdit, ...]
    technique: Technique
    rule: str
    """The codemod, template or operator, e.g. `add_request_timeout`; `a+b` for two edits."""
    description: str
    """One sentence: what it changes and why that may mend the fault."""
    generator: str = ""
    confidence: float = 0.0
    """0..1, the calibrated chance that a maintainer would call it right."""
    suspicions: tuple[str, ...] = ()
    """Reasons for doubt, e.g. `swallows the exception`; any of them keeps it from `fixed`."""
    resolves: tuple[str, ...] = ()
    """Findings (rule ids) that the patch removes by construction."""

    @property
    def id(self) -> str:
        """Equal for equal edits."""
        text = "\0".join(f"{e.path}\0{e.before}\0{e.after}" for e in self.edits)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


# --- tests and validation ---------------------------------------------------------------------------------


EndedBy = Literal["exit", "timeout", "memory", "output", "processes", "disk"]
"""How a sandboxed run came to its end: by itself, or which limit it hit."""


class TestRun(Frozen):
    """One run of a test command in the sandbox."""

    __test__ = False

    command: tuple[str, ...]
    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    failing: tuple[str, ...] = ()
    """pytest node ids, or the runner's own names."""
    flaky: tuple[str, ...] = ()
    duration_s: float = 0.0
    exit_code: int | None = None
    """None when it was ended by a limit."""
    ended_by: EndedBy = "exit"
    output_tail: str = ""
    sandbox: str = ""
    collected: int | None = None
    """Tests found before any ran; None when the runner did not say."""
    passing: tuple[str, ...] = Field(default=(), exclude=True)
    """Named as `failing`; empty for a runner whose tests mendflow cannot name."""
    selection: tuple[str, ...] = Field(default=(), exclude=True)
    """The tests that were asked for; empty for all."""
    collection_errors: tuple[str, ...] = ()
    """Files whose tests could not be collected; they are in `failing` and counted in `errors` too."""
    incomplete: str = ""
    """Why the results cannot be trusted: the run broke off or contradicts itself; never green then."""

    @property
    def total(self) -> int:
        return self.passed + self.failed + self.errors + self.skipped

    @property
    def green(self) -> bool:
        """At least one test ran and none failed."""
        return self.exit_code == 0 and self.passed > 0 and not (self.failed or self.errors or self.incomplete)


class TestEvidence(Frozen):
    __test__ = False

    before: TestRun | None = None
    after: TestRun | None = None
    reproducing_test: str | None = None
    """Path of the test written from the incident, when no test of the repository failed."""
    fixed_tests: tuple[str, ...] = ()
    broken_tests: tuple[str, ...] = ()
    resolved_findings: tuple[str, ...] = ()
    """Findings (`rule path:line`) present before and gone after."""
    changed_lines_covered: float | None = None
    """0..1; None when coverage was not measured."""


class Level(StrEnum):
    SYNTAX = "syntax"
    PATTERNS = "patterns"
    SECURITY = "security"
    PERFORMANCE = "performance"
    BEST_PRACTICES = "best_practices"


class ValidationIssue(Frozen):
    """One thing that a check holds against a change, or that the change mended."""

    level: Level
    code: str
    """Stable, e.g. `B608`, `undefined-name`."""
    severity: Literal["error", "warning", "info"]
    """An error fails its level; a warning does so in strict mode."""
    message: str
    path: str | None = None
    line: int | None = None
    """In the file after the change."""
    suggestion: str = ""
    """What would mend it."""


class LevelResult(Frozen):
    level: Level
    passed: bool
    score: float
    """0..1"""
    duration_ms: float = 0.0
    tools: tuple[str, ...] = ()
    skipped: str | None = None
    """Why the level did not run."""


class ValidationResult(Frozen):
    """What the five levels say of a change."""

    is_valid: bool
    score: float
    """0..1, weighted over the levels that ran."""
    levels: dict[Level, LevelResult] = Field(default_factory=dict)
    issues: tuple[ValidationIssue, ...] = ()
    """What the change brought."""
    fixed_issues: tuple[ValidationIssue, ...] = ()
    """What the change mended; lines are those before it."""
    explanation: str = ""
    """The verdict for a person, readable in a minute."""


class FeedbackItem(Frozen):
    path: str | None
    line: int | None
    code: str
    reason: str
    suggestion: str


class ValidationFeedback(Frozen):
    """Why a candidate was turned away, for the next attempt."""

    candidate_id: str
    items: tuple[FeedbackItem, ...] = ()
    failing_tests: tuple[str, ...] = ()


class GenerationTask(Frozen):
    """Everything that a generator may use for one attempt."""

    incident: Incident
    repository: RepositoryContext
    analysis: Analysis
    workspace: Path
    """A throw-away checkout; a generator leaves it as it found it."""
    test_command: tuple[str, ...] | None = None
    python: str
    """The interpreter (absolute) that runs the repository's tests."""
    baseline: TestRun | None = None
    """The tests on the unchanged workspace."""
    time_limit_s: float = 60.0
    max_candidates: int = 5
    feedback: tuple[ValidationFeedback, ...] = ()
    """One for each candidate turned away so far; those are not offered again."""


class GenerationOutcome(Frozen):
    candidates: tuple[CandidatePatch, ...] = ()
    """Best first; each passed the failing tests, or resolves the finding, as its technique can prove."""
    suspects: tuple[Suspect, ...] = ()
    """The ranking after spectrum localization; empty when none was made."""
    candidates_tried: int = 0
    test_runs: int = 0
    techniques_tried: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """Why a technique did not apply, what ended the search ..."""


class Status(StrEnum):
    FIXED = "fixed"
    PLAUSIBLE = "plausible"
    UNFIXED = "unfixed"
    REFUSED = "refused"
    FAILED = "failed"


class Judgement(Frozen):
    """One candidate, tried and checked."""

    candidate: CandidatePatch
    status: Status
    reason: str
    validation: ValidationResult | None = None
    """None when the levels are switched off or policy refused the patch first."""
    evidence: TestEvidence = TestEvidence()
    feedback: ValidationFeedback


# --- result -----------------------------------------------------------------------------------------------


class Alternative(Frozen):
    """A candidate that was not chosen, or not proven."""

    rule: str
    description: str
    confidence: float
    patch: str
    """Unified diff."""
    is_valid: bool
    suspicions: tuple[str, ...] = ()


class RunMetrics(Frozen):
    duration_s: float = 0.0
    candidates_tried: int = 0
    test_runs: int = 0
    attempts: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    cache_hits: int = 0
    cache_lookups: int = 0
    engine: Literal["embedded", "model"] = "embedded"
    stage_s: dict[str, float] = Field(default_factory=dict)


class RemediationResult(Frozen):
    """What a run found, changed and proved."""

    status: Status
    reason: str
    incident: Incident
    analysis: Analysis | None = None
    generated_code: dict[str, str] = Field(default_factory=dict)
    """Path to new text, for each file that the patch changes."""
    patch: str = ""
    """Unified diff that `git apply` takes; empty unless `fixed` or `plausible`."""
    candidate: CandidatePatch | None = None
    validation_result: ValidationResult | None = None
    evidence: TestEvidence = TestEvidence()
    alternatives: tuple[Alternative, ...] = ()
    metrics: RunMetrics = RunMetrics()
    notes: tuple[str, ...] = ()
    history_id: str | None = None


class CaseResult(Frozen):
    """One case of an evaluation."""

    case: str
    status: Status
    reason: str
    rule: str | None = None
    duration_s: float = 0.0
    cost_usd: float = 0.0
    candidates_tried: int = 0


class Evaluation(Frozen):
    """How an engine did on a folder of cases."""

    engine: str
    cases: tuple[CaseResult, ...]
    counts: dict[Status, int]
    fix_rate: float
    """Share of the cases that are `fixed`, 0..1."""
    plausible_rate: float
    """Share that are `fixed` or `plausible`, 0..1."""
    median_s: float
    p95_s: float
    total_s: float
    """Wall time of the whole evaluation."""
    cost_usd: float
