"""Crashes mended: how many cases get a reproducing test, a fix, and a fix that hidden tests call right.

    python -m benchmarks.crashes [CASES_DIR] [--only NAME ...] [--jobs N] [--details] [--no-report]

A case is a folder with `incident.json` and `repo/`; beside them lie `hidden/` tests that no engine reads, which say
whether the first patch, or one of the five offered, is right, and `expected.json`, which says where the fault is.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.report import table, write_report
from tasks.context.incident import read_incident
from tasks.generation.crash import CrashTemplateSource
from tasks.generation.reproduction import Reproduction, write_reproducing_test
from tasks.generation.trial import Variant, open_bench
from tasks.models import (
    Analysis,
    CandidatePatch,
    Complexity,
    Domain,
    FileEdit,
    GenerationTask,
    Incident,
    IssueType,
    RepositoryContext,
    Severity,
    TestRun,
)
from tasks.patches import apply_edits, unified_diff
from tasks.protocols import GeneratorTools
from tasks.sandbox import choose_sandbox

CASES = Path(__file__).parent.parent / "tests" / "cases" / "crashes"
TIME_LIMIT_S = 60.0


@dataclass(frozen=True)
class CaseResult:
    name: str
    exception: str
    reproduction: Reproduction | None = None
    candidates: tuple[CandidatePatch, ...] = ()
    right: tuple[bool, ...] = ()
    """For each candidate whether the hidden tests pass with it."""
    seconds: float = 0.0
    tried: int = 0
    notes: tuple[str, ...] = field(default=())

    @property
    def is_fixed(self) -> bool:
        return bool(self.candidates)

    @property
    def first_is_right(self) -> bool:
        return bool(self.right) and self.right[0]


def run_case(case: Path, tools: GeneratorTools) -> CaseResult:
    """Reproduce, mend and judge one case."""
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    incident = read_incident(case / "incident.json")
    with tempfile.TemporaryDirectory(prefix="mendflow-crash-") as folder:
        workspace = Path(folder).resolve() / "repo"
        shutil.copytree(case / "repo", workspace)
        task = task_for(incident, workspace)
        started = time.monotonic()
        reproduction = write_reproducing_test(task, tools)
        if reproduction is None:
            seconds = time.monotonic() - started
            return CaseResult(case.name, expected["exception"], seconds=seconds, notes=("not reproduced",))
        apply_edits(workspace, [reproduction.edit])
        outcome = CrashTemplateSource().propose(with_test(task, reproduction), tools)
        seconds = time.monotonic() - started
        right = judge(case, task, tools, outcome.candidates)
    return CaseResult(
        case.name,
        expected["exception"],
        reproduction,
        outcome.candidates,
        right,
        seconds,
        outcome.candidates_tried,
        outcome.notes,
    )


def task_for(incident: Incident, workspace: Path) -> GenerationTask:
    """A task without analysis: what the crash techniques find they must find from the incident and the code."""
    paths = sorted(path.relative_to(workspace).as_posix() for path in workspace.rglob("*.py"))
    tests = tuple(path for path in paths if "test" in path.split("/")[-1] or path.endswith("conftest.py"))
    kind = incident.type or IssueType.RUNTIME_ERROR
    analysis = Analysis(
        issue_type=kind,
        severity=Severity.HIGH,
        domain=Domain.GENERAL,
        complexity=Complexity.SIMPLE,
        root_cause="",
        strategy="crash-templates-first",
        strategy_reason="",
        confidence=0.5,
    )
    sources = tuple(path for path in paths if path not in tests)
    repository = RepositoryContext(root=workspace, source_files=sources, test_files=tests)
    return GenerationTask(
        incident=incident,
        repository=repository,
        analysis=analysis,
        workspace=workspace,
        python=sys.executable,
        time_limit_s=TIME_LIMIT_S,
    )


def with_test(task: GenerationTask, reproduction: Reproduction) -> GenerationTask:
    """The task once the reproducing test lies in the workspace and fails."""
    tests = (*task.repository.test_files, reproduction.edit.path)
    baseline = TestRun(command=("pytest",), failed=1, failing=reproduction.node_ids)
    repository = task.repository.model_copy(update={"test_files": tests})
    return task.model_copy(update={"repository": repository, "baseline": baseline})


def judge(
    case: Path, task: GenerationTask, tools: GeneratorTools, candidates: Sequence[CandidatePatch]
) -> tuple[bool, ...]:
    """Whether the hidden tests pass with each candidate."""
    hidden = [
        FileEdit(
            path=f"hidden_{path.name}".replace("hidden_test_", "test_"), before=None, after=path.read_text("utf-8")
        )
        for path in sorted((case / "hidden").glob("test_*.py"))
    ]
    names = tuple(edit.path for edit in hidden)
    with open_bench(task, tools) as bench:
        variants = [Variant((*candidate.edits, *hidden), names) for candidate in candidates]
        results = bench.run(variants, limit_s=120.0)
    return tuple(bool(result.tests) and result.ended == "exit" and not result.failing for result in results)


def report(results: Sequence[CaseResult], folder: Path) -> None:
    """The page `docs/benchmarks/crashes.md`."""
    shown = folder.name if folder.resolve() == CASES.resolve() else "a folder of cases given by path"
    rows = [case_row(result) for result in results]
    header = ("Case", "Exception", "Reproduced", "Offered", "First right", "Right among five", "Seconds", "First rule")
    write_report(
        "crashes",
        "Crashes mended without a model",
        f"{len(results)} cases ({shown}): a small service and an incident with its traceback; no test of the service "
        "fails, so a reproducing test is written first. `First right` is judged by hidden tests that the engine never "
        "sees. The bundled cases are a development set: its README says how the first patches fared on the part that "
        "was new to the templates. Wall time on a shared and loaded machine.",
        [summary(results), by_exception(results), table(header, rows)],
        tools=("pytest",),
    )


def summary(results: Sequence[CaseResult]) -> str:
    total = max(len(results), 1)
    seconds = sorted(result.seconds for result in results)
    sure = [result for result in results if result.is_fixed and is_sure(result.candidates[0])]
    rows = [
        ("reproducing test written", share(sum(result.reproduction is not None for result in results), total)),
        ("patch offered (passes it, breaks no test)", share(sum(result.is_fixed for result in results), total)),
        ("first patch right by the hidden tests", share(sum(result.first_is_right for result in results), total)),
        ("right among the five offered", share(sum(any(result.right) for result in results), total)),
        ("first patch confident (>= 0.5) and unsuspicious", share(len(sure), total)),
        ("of these right", share(sum(result.first_is_right for result in sure), max(len(sure), 1))),
        ("seconds a case, median / slowest", f"{seconds[len(seconds) // 2]:.1f} / {seconds[-1]:.1f}"),
    ]
    return table(("Measure", "Value"), rows)


def is_sure(candidate: CandidatePatch) -> bool:
    return candidate.confidence >= 0.5 and not candidate.suspicions


def by_exception(results: Sequence[CaseResult]) -> str:
    groups: dict[str, list[CaseResult]] = defaultdict(list)
    for result in results:
        groups[result.exception.rsplit(".", 1)[-1]].append(result)
    rows = [
        (
            name,
            str(len(group)),
            str(sum(bool(r.reproduction) for r in group)),
            str(sum(r.first_is_right for r in group)),
        )
        for name, group in sorted(groups.items())
    ]
    return table(("Exception", "Cases", "Reproduced", "First right"), rows)


def share(count: int, total: int) -> str:
    return f"{count} of {total} ({100 * count / total:.0f} %)"


def case_row(result: CaseResult) -> tuple[str, ...]:
    return (
        result.name,
        result.exception.rsplit(".", 1)[-1],
        "yes" if result.reproduction else "no",
        str(len(result.candidates)),
        "yes" if result.first_is_right else "no",
        "yes" if any(result.right) else "no",
        f"{result.seconds:.1f}",
        result.candidates[0].rule if result.candidates else "",
    )


def show(result: CaseResult) -> None:
    """The details of one case, for whoever works on the templates."""
    if result.reproduction is not None:
        print(result.reproduction.how, result.reproduction.edit.after, sep="\n")
    for candidate, right in zip(result.candidates, result.right, strict=True):
        print(f"--- {'RIGHT' if right else 'wrong'} {candidate.rule} {candidate.confidence} {candidate.suspicions}")
        print(unified_diff(candidate.edits))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("cases", nargs="?", type=Path, default=CASES)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--details", action="store_true", help="print tests and patches")
    parser.add_argument("--jobs", type=int, default=1, help="cases at a time")
    parser.add_argument("--no-report", action="store_true")
    arguments = parser.parse_args()
    tools = GeneratorTools(sandbox=choose_sandbox())
    folders = [f for f in sorted(arguments.cases.iterdir()) if (f / "incident.json").exists()]
    chosen = [case for case in folders if not arguments.only or case.name in arguments.only]
    results = []
    # A case's work is done by its sandboxed processes; threads only wait for them.
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for result in pool.map(partial(run_case, tools=tools), chosen):
            results.append(result)
            print(*case_row(result), result.notes, sep="  ", file=sys.stderr, flush=True)
            if arguments.details:
                show(result)
    if results and not arguments.no_report:
        report(results, arguments.cases)


if __name__ == "__main__":
    main()
