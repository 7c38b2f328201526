"""Where the fault is: how often the analysis ranks the true function first, or among its first three.

    python -m benchmarks.localization [CASES_DIR]

A case is a folder with `incident.json` and `repo/`; beside them `expected.json` names the file and the function at
fault, and `hidden/` holds tests of it that fail. Each case is looked at three times: as reported, without its stack
trace, and with nothing but the failing tests.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import table, write_report
from tasks.analysis.engine import WorkflowAnalysisEngine
from tasks.context.incident import read_incident
from tasks.context.manager import WorkflowContextManager
from tasks.models import Incident, TestRun
from tasks.sandbox import choose_sandbox
from tasks.validation.test_suite import TestSuite

CASES = Path(__file__).parent.parent / "tests" / "cases" / "crashes"
INTRO = (
    "The labelled crash cases of the test suite, each a small repository; some were looked at while the ranking was "
    "written, so this shows that it works, not how well it does on strangers. `without its stack trace` leaves "
    "title, description and logs; `failing tests only` leaves no report at all, but a run of the tests that fail."
)


@dataclass(frozen=True)
class Located:
    """What one look at one case found."""

    case: str
    suspects: int
    place: int | None
    """Of the true function in the ranking, 1 for the first; None when it is not there."""


def locate_as_reported(case: Path) -> Located:
    return _located(case, case / "repo", read_incident(case / "incident.json"), None)


def locate_without_trace(case: Path) -> Located:
    incident = read_incident(case / "incident.json")
    return _located(case, case / "repo", incident.model_copy(update={"stack_trace": "", "exceptions": ()}), None)


def locate_by_tests(case: Path) -> Located:
    with tempfile.TemporaryDirectory(prefix="mendflow-locate-") as folder:
        root = Path(folder).resolve() / "repo"
        shutil.copytree(case / "repo", root)
        shutil.copytree(case / "hidden", root / "tests", dirs_exist_ok=True)
        command = ("python", "-m", "pytest", "-q")
        baseline = TestSuite(choose_sandbox(), root, command, python=sys.executable).run()
        return _located(case, root, Incident(id=case.name, title="Tests fail"), baseline)


LOOKS: dict[str, Callable[[Path], Located]] = {
    "as reported": locate_as_reported,
    "without its stack trace": locate_without_trace,
    "failing tests only": locate_by_tests,
}


def _located(case: Path, root: Path, incident: Incident, baseline: TestRun | None) -> Located:
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    repository = WorkflowContextManager(None).build(incident, root)
    suspects = WorkflowAnalysisEngine().analyse(incident, repository, baseline).suspects
    places = [
        number
        for number, suspect in enumerate(suspects, 1)
        if suspect.path == expected["path"] and suspect.function == expected["function"]
    ]
    return Located(case.name, len(suspects), places[0] if places else None)


def share_within(located: Sequence[Located], first: int) -> float:
    """Share of the looks whose true function is among the `first` suspects."""
    return sum(item.place is not None and item.place <= first for item in located) / max(1, len(located))


def labelled_cases(folder: Path = CASES) -> list[Path]:
    return sorted(path.parent for path in folder.glob("*/expected.json"))


def main() -> None:
    cases = labelled_cases(Path(sys.argv[1]) if len(sys.argv) > 1 else CASES)
    rows, misses = [], []
    for name, look in LOOKS.items():
        located = [look(case) for case in cases]
        shares = (share_within(located, 1), share_within(located, 3), share_within(located, 20))
        rows.append((name, str(len(located)), *(f"{share:.0%}" for share in shares)))
        missed = [f"{item.case} ({item.place or 'not found'})" for item in located if item.place not in (1, 2, 3)]
        misses.append(f"- {name}: {', '.join(missed) or 'none'}")
    write_report(
        "localization",
        "Localization",
        INTRO,
        [
            table(("what is known", "cases", "first", "first three", "listed"), rows),
            "Not among the first three, with their place:\n\n" + "\n".join(misses),
        ],
        tools=("pytest",),
    )


if __name__ == "__main__":
    main()
