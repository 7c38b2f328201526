"""The technique `codemods`: known repairs for what an incident reports, applied where it points."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import libcst as cst

from tasks.errors import RepositoryError
from tasks.generation.codemods.findings import bandit_findings
from tasks.generation.codemods.model import AppliedEdit, Rewrite
from tasks.generation.codemods.proof import failing_tests, prove
from tasks.generation.codemods.registry import RULES
from tasks.generation.codemods.rewriting import ParsedFile
from tasks.generation.codemods.selection import GUESS, Choice, choose_rules
from tasks.models import CandidatePatch, FileEdit, GenerationOutcome, GenerationTask, Technique
from tasks.patches import read_source, resolve_inside
from tasks.protocols import GeneratorTools, rejected_ids

logger = logging.getLogger(__name__)

MAX_SOURCE_BYTES = 500_000
MAX_FILES_FOR_GUESSES = 3
REVIEW_DISCOUNT = 0.8
NOT_RESOLVED_DISCOUNT = 0.5
ELSEWHERE_DISCOUNT = 0.8
SHARE_BEFORE_PROOF = 0.5
"""Of the time limit; the rest is for running the failing tests on the candidates."""


class CodemodSource:
    """Candidates from the codemods that the incident speaks for; nothing is proposed that only might compile."""

    name = "codemods"

    def propose(self, task: GenerationTask, tools: GeneratorTools) -> GenerationOutcome:
        started = time.monotonic()
        provable = bool(failing_tests(task))
        choices = choose_rules(task, RULES, provable=provable)
        notes: list[str] = []
        share = SHARE_BEFORE_PROOF if provable else 1.0
        found = self._found(task, choices, started + share * task.time_limit_s, notes)
        if not found:
            notes.append(f"none of the {len(choices)} codemods that the incident speaks for found a site")
        ranked = sorted(found, key=lambda candidate: -candidate.confidence)
        proof = prove(task, tools, ranked, started + task.time_limit_s)
        if found and not proof.candidates:
            notes.append(f"none of the {len(found)} codemod candidates makes the failing tests pass")
        return GenerationOutcome(
            candidates=tuple(proof.candidates[: task.max_candidates]),
            candidates_tried=len(found),
            test_runs=proof.test_runs,
            techniques_tried=(self.name,),
            notes=tuple(notes),
        )

    def _found(
        self, task: GenerationTask, choices: Sequence[Choice], deadline: float, notes: list[str]
    ) -> list[CandidatePatch]:
        """One candidate for each rule and file, and one for the line alone where a finding names it."""
        files = _Files(task)
        found: dict[str, CandidatePatch] = {}
        turned_away = rejected_ids(task)
        for choice, path in _sites(task, choices):
            if time.monotonic() > deadline:
                notes.append(f"the time limit of {task.time_limit_s:.0f} s ended the codemods early")
                break
            candidate = files.candidate(choice, path)
            if candidate is not None and candidate.id not in turned_away:
                found.setdefault(candidate.id, candidate)
        return list(found.values())


def _sites(task: GenerationTask, choices: Sequence[Choice]) -> Iterator[tuple[Choice, str]]:
    """Each rule with each file to try it in: the one that a finding names, else the suspects', most suspect first."""
    suspects = list(dict.fromkeys(s.path for s in (*task.analysis.suspects, *task.repository.suspects)))
    sources = [path for path in task.repository.source_files if path.endswith(".py")]
    for choice in choices:
        if choice.path is not None:
            yield choice, _repository_path(choice.path, sources)
            continue
        everywhere = choice.finding is not None or not suspects
        paths = [*suspects, *(path for path in sources if path not in suspects)] if everywhere else suspects
        if choice.confidence <= GUESS:
            paths = paths[:MAX_FILES_FOR_GUESSES]
        for path in paths:
            if path.endswith(".py") and path not in task.repository.test_files:
                yield choice, path


def _repository_path(reported: str, sources: Sequence[str]) -> str:
    """The repository's own name for a path as a scanner wrote it, which is often absolute."""
    clean = reported.removeprefix("./")
    if clean in sources:
        return clean
    matching = [path for path in sources if clean.endswith(f"/{path}")]
    return max(matching, key=len) if matching else clean


class _Files:
    """The workspace's files, each read and parsed once."""

    def __init__(self, task: GenerationTask) -> None:
        self._root = task.workspace
        self._packages = frozenset(_import_name(item.name) for item in task.repository.dependencies)
        self._parsed: dict[str, ParsedFile | None] = {}
        self._encodings: dict[str, str] = {}
        self._suspicion = {s.path: s.score for s in reversed(task.analysis.suspects)}

    def candidate(self, choice: Choice, path: str) -> CandidatePatch | None:
        """The patch that the rule makes of the file; None when it finds nothing to change there."""
        file = self._file(path)
        if file is None or not choice.rule.may_apply(file.text):
            return None
        result = file.apply(choice.rule, {choice.line} if choice.line else None)
        if choice.line and not result.edits:
            # scanners report where a value ends up, which may be lines after the place to change
            choice = replace(choice, line=None, confidence=choice.confidence * ELSEWHERE_DISCOUNT)
            result = file.apply(choice.rule)
        if not result.edits:
            return None
        resolved = _resolved(choice, file.text, result)
        logger.info("codemod %s changes %s at %d sites", choice.rule.id, path, len(result.edits))
        return CandidatePatch(
            edits=(FileEdit(path=path, before=file.text, after=result.text, encoding=self._encodings[path]),),
            technique=Technique.CODEMOD,
            rule=choice.rule.id,
            description=_description(choice, result.edits),
            confidence=self._confidence(choice, path, resolved),
            suspicions=("the change needs a person's review",) if choice.rule.safety == "review" else (),
            resolves=resolved,
        )

    def _confidence(self, choice: Choice, path: str, resolved: Sequence[str]) -> float:
        value = choice.confidence
        if choice.rule.safety == "review":
            value *= REVIEW_DISCOUNT
        if choice.finding in choice.rule.bandit and choice.finding not in resolved:
            value *= NOT_RESOLVED_DISCOUNT
        if choice.path is None:
            value *= 0.8 + 0.2 * self._suspicion.get(path, 0.0)
        return round(value, 3)

    def _file(self, path: str) -> ParsedFile | None:
        if path not in self._parsed:
            self._parsed[path] = self._read(path)
        return self._parsed[path]

    def _read(self, path: str) -> ParsedFile | None:
        try:
            target: Path = resolve_inside(self._root, path)
            if not target.is_file() or target.stat().st_size > MAX_SOURCE_BYTES:
                return None
            text, self._encodings[path] = read_source(target)
            return ParsedFile(text, path, self._packages)
        except (RepositoryError, UnicodeDecodeError, SyntaxError, cst.ParserSyntaxError, RecursionError) as error:
            logger.info("codemods skip %s: %s", path, type(error).__name__)
            return None


def _import_name(distribution: str) -> str:
    known = {"pycryptodomex": "Cryptodome", "pycryptodome": "Crypto", "pyyaml": "yaml", "pyjwt": "jwt"}
    return known.get(distribution.lower(), distribution.replace("-", "_"))


def _resolved(choice: Choice, before: str, result: Rewrite) -> tuple[str, ...]:
    """Rule ids that the rewrite removes: bandit's as bandit itself counts them, others as the rule states."""
    claimed = [name for name in (choice.finding,) if name and name in choice.rule.finding_ids]
    if choice.rule.bandit and choice.confidence > GUESS:
        path = result.edits[0].path
        gone = bandit_findings(before, path) - bandit_findings(result.text, path)
        claimed = [name for name in claimed if name not in choice.rule.bandit]
        claimed += [name for name in choice.rule.bandit if gone[name]]
    return tuple(dict.fromkeys(claimed))


def _description(choice: Choice, edits: Sequence[AppliedEdit]) -> str:
    what = edits[0].description
    places = f" at {len(edits)} places" if len(edits) > 1 else ""
    return f"{what[0].upper()}{what[1:]}{places}: {choice.reason}."
