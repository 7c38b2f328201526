"""The five levels of checks, on what a change brings.

pipeline = CodeValidationPipeline()
result = pipeline.validate_change([edit], repository)
result = await pipeline.validate_code(code, {"path": "app/client.py", "before": old})
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from tasks.errors import InputError
from tasks.models import FileEdit, Level, RepositoryContext, ValidationIssue, ValidationResult
from tasks.patches import read_source
from tasks.validation.change import Change, House
from tasks.validation.checks.catalogue import CHANGE_CHECKS, FILE_CHECKS
from tasks.validation.checks.ruff import python_sources, ruff_findings
from tasks.validation.delta import FileChange, FileFindings, compare, pair_files
from tasks.validation.memory import Findings, VersionMemory
from tasks.validation.options import ValidationOptions
from tasks.validation.profiles import known_profiles, raise_severity
from tasks.validation.scoring import LevelRun, conclude
from tasks.validation.source import Source
from tasks.validation.team_rules import load_team_rules

TOOLS: dict[Level, tuple[str, ...]] = {
    Level.SYNTAX: ("own", "ruff"),
    Level.PATTERNS: ("own", "ruff"),
    Level.SECURITY: ("own", "bandit", "ruff"),
    Level.PERFORMANCE: ("own", "radon", "ruff"),
    Level.BEST_PRACTICES: ("own", "ruff"),
}

RuffReport = Mapping[Source, Findings]


class CodeValidationPipeline:
    """Judges changes by syntax, patterns, security, performance and best practices.

    One instance may judge many changes, from several threads; what it learned about a version of a file is kept for
    the next candidate that starts from it.
    """

    def __init__(self, options: ValidationOptions | None = None) -> None:
        """Raises ConfigurationError for a profile that does not exist or team rules that cannot be read."""
        self.options = options or ValidationOptions()
        self._memory = VersionMemory()
        self._profiles = known_profiles(self.options.compliance)
        self._team_rules = load_team_rules(self.options.team_rules) if self.options.team_rules else ()

    async def validate_code(
        self, code: str | Mapping[str, str], context: Mapping[str, object] | None = None
    ) -> ValidationResult:
        """Judge generated code: one file's text, or texts by path.

        `context` may hold `path` (of a single text), `before` (the text, or texts by path, that the code replaces) and
        `repository_path` (where texts before the change are read when `before` is not given).
        """
        edits = _edits_of(code, context or {})
        if all(edit.before is None for edit in edits):
            return await asyncio.to_thread(
                self._validate, pair_files(edits, self._memory.source), House(team_rules=self._team_rules), True
            )
        return await asyncio.to_thread(self.validate_change, edits)

    def validate_change(
        self, edits: Sequence[FileEdit], repository: RepositoryContext | None = None
    ) -> ValidationResult:
        """Judge what the edits bring; what the files had before is neither held against them nor for them."""
        house = House(repository, self._team_rules)
        return self._validate(pair_files(edits, self._memory.source), house, False)

    def validate_files(self, paths: Iterable[str | Path]) -> ValidationResult:
        """Judge files as they are: every finding is theirs. Raises InputError for one that cannot be read."""
        return self.validate_sources([_read(Path(path)) for path in paths])

    def validate_sources(self, sources: Iterable[Source]) -> ValidationResult:
        """Judge texts as they are: every finding is theirs."""
        changes = [FileChange(None, source) for source in sources]
        return self._validate(tuple(changes), House(team_rules=self._team_rules), True)

    def _validate(self, files: tuple[FileChange, ...], house: House, whole_files: bool) -> ValidationResult:
        change = Change(files, house, whole_files)
        with ThreadPoolExecutor(max_workers=6 if self.options.concurrent else 1) as pool:
            ruff = pool.submit(self._ruff, change)
            run_all = pool.map if self.options.concurrent else map
            runs = list(run_all(lambda level: self._run_level(level, change, ruff), self.options.levels))
        return conclude([self._by_profile(run) for run in runs], self.options)

    def _run_level(self, level: Level, change: Change, ruff: Future[RuffReport]) -> LevelRun:
        started = time.perf_counter()
        own = [self._own_findings(level, file, change.house) for file in change.files]
        stepwise = _check_steps(level, change)
        report = ruff.result()
        delta = compare([_with_ruff(level, findings, report) for findings in own])
        duration_ms = (time.perf_counter() - started) * 1000
        return LevelRun(level, _distinct((*delta.brought, *stepwise)), delta.mended, duration_ms, TOOLS[level])

    def _own_findings(self, level: Level, file: FileChange, house: House) -> FileFindings:
        before, after = (self._findings(level, side, house) for side in (file.before, file.after))
        return FileFindings(file, before, after)

    def _findings(self, level: Level, source: Source | None, house: House) -> Findings:
        if source is None:
            return ()
        return self._memory.of(source, level, lambda: _check(level, source, house))

    def _ruff(self, change: Change) -> RuffReport:
        """ruff's findings in all versions; those that it judged before are not shown to it again."""
        target = change.house.minimum_python
        sources = python_sources(side for file in change.files for side in (file.before, file.after))
        known = {source: self._memory.recall(source, ("ruff", target)) for source in sources}
        fresh = ruff_findings([source for source, findings in known.items() if findings is None], target)
        for source, findings in fresh.items():
            self._memory.keep(source, ("ruff", target), findings)
        return {**{source: findings for source, findings in known.items() if findings is not None}, **fresh}

    def _by_profile(self, run: LevelRun) -> LevelRun:
        return replace(run, brought=tuple(raise_severity(issue, self._profiles) for issue in run.brought))


def _check(level: Level, source: Source, house: House) -> Findings:
    try:
        return tuple(issue for check in FILE_CHECKS[level] for issue in check(source, house))
    except RecursionError:
        return (_too_deep(level, source.path),)


def _check_steps(level: Level, change: Change) -> Findings:
    try:
        return tuple(issue for check in CHANGE_CHECKS[level] for issue in check(change))
    except RecursionError:
        return (_too_deep(level, None),)


def _too_deep(level: Level, path: str | None) -> ValidationIssue:
    message = "cannot be checked: it is nested too deeply"
    suggestion = "write it in a plainer way"
    return ValidationIssue(
        level=level, code="not-checkable", severity="error", message=message, path=path, suggestion=suggestion
    )


def _with_ruff(level: Level, own: FileFindings, report: RuffReport) -> FileFindings:
    before, after = (
        tuple(issue for issue in report.get(side, ()) if issue.level is level) if side is not None else ()
        for side in (own.change.before, own.change.after)
    )
    return FileFindings(own.change, (*own.before, *before), (*own.after, *after))


def _distinct(issues: Iterable[ValidationIssue]) -> tuple[ValidationIssue, ...]:
    """One issue for a rule and line: bandit and ruff say many things twice."""
    found: dict[tuple[str, str | None, int | None], ValidationIssue] = {}
    for issue in issues:
        key = (issue.code, issue.path, issue.line)
        if key not in found or (found[key].severity != "error" and issue.severity == "error"):
            found[key] = issue
    return tuple(found.values())


def _edits_of(code: str | Mapping[str, str], context: Mapping[str, object]) -> list[FileEdit]:
    texts = {str(context.get("path") or "code.py"): code} if isinstance(code, str) else dict(code)
    before = context.get("before")
    root = context.get("repository_path")
    return [FileEdit(path=path, before=_before(path, before, root), after=text) for path, text in texts.items()]


def _before(path: str, before: object, root: object) -> str | None:
    if isinstance(before, str):
        return before
    if isinstance(before, Mapping):
        text = before.get(path)
        return text if isinstance(text, str) else None
    if isinstance(root, str | Path) and (Path(root) / path).is_file():
        return _read(Path(root) / path).text
    return None


def _read(path: Path) -> Source:
    try:
        text, _ = read_source(path)
    except (OSError, UnicodeDecodeError, SyntaxError) as error:
        raise InputError(f"cannot read {str(path)!r}: {error}") from error
    return Source(path.as_posix(), text)
