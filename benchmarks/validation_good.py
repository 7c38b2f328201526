"""How many good changes validation turns away: real commits of well-kept projects, judged as patches.

    python -m benchmarks.validation_good --tuned CLONE... --held-out CLONE... [--commits 300] [--jobs 1]

The checks were tuned on the projects under `--tuned` alone; the others tell how that carries over.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

from benchmarks.commits import Step, sample_steps
from benchmarks.report import table, write_report
from tasks.models import ValidationIssue, ValidationResult
from tasks.validation.options import ValidationOptions
from tasks.validation.pipeline import CodeValidationPipeline


@dataclass(frozen=True)
class Judged:
    step: Step
    plain: ValidationResult
    duration_ms: float

    @property
    def valid_when_strict(self) -> bool:
        return all(issue.severity == "info" for issue in self.plain.issues)

    @property
    def blame(self) -> tuple[ValidationIssue, ...]:
        return tuple(issue for issue in self.plain.issues if issue.severity == "error")


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.validation_good")
    parser.add_argument("--tuned", nargs="*", type=Path, default=[])
    parser.add_argument("--held-out", nargs="*", type=Path, default=[])
    parser.add_argument("--commits", type=int, default=300, help="of each of the two groups")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--show", action="store_true", help="print every rejection")
    options = parser.parse_args(arguments)
    sections: list[str] = []
    for title, clones in (("Tuned on", options.tuned), ("Held out", options.held_out)):
        if clones:
            judged = judge_all(clones, options.commits, options.seed, options.jobs)
            if options.show:
                print_rejections(judged)
            sections.append(f"## {title}\n\n{summary(judged)}\n\n{rejections(judged)}")
    if not sections:
        parser.error("name at least one clone under --tuned or --held-out")
    intro = (
        "Real commits (no merges, 1 to 20 Python files), drawn at random from the newest 800 of each project and "
        "judged by all five levels as a patch would be. `strict` counts warnings as failures.\n\n"
        "The reasons are what maintainers accepted all the same: each is a false alarm, or a fault they let in."
    )
    write_report("validation_good", "Good changes: how many pass", intro, sections)


def judge_all(clones: Sequence[Path], commits: int, seed: int, jobs: int) -> list[Judged]:
    share, extra = divmod(commits, len(clones))
    counts = [share + (number < extra) for number in range(len(clones))]
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        return [judged for group in pool.map(judge_clone, clones, counts, repeat(seed)) for judged in group]


def judge_clone(clone: Path, commits: int, seed: int) -> list[Judged]:
    pipeline = CodeValidationPipeline(ValidationOptions(concurrent=False))
    judged: list[Judged] = []
    for step in sample_steps(clone, commits, seed):
        started = time.perf_counter()
        result = pipeline.validate_change(step.edits)
        judged.append(Judged(step, result, (time.perf_counter() - started) * 1000))
    return judged


def summary(judged: Sequence[Judged]) -> str:
    projects = list(dict.fromkeys(item.step.project for item in judged))
    rows = [_row(project, [item for item in judged if item.step.project == project]) for project in projects]
    return table(["project", "commits", "valid", "valid %", "strict %", "median ms"], [*rows, _row("all", judged)])


def _row(name: str, judged: Sequence[Judged]) -> list[str]:
    valid = sum(item.plain.is_valid for item in judged)
    strict = sum(item.valid_when_strict for item in judged)
    times = sorted(item.duration_ms for item in judged)
    share = [f"{100 * number / len(judged):.1f}" for number in (valid, strict)]
    return [name, str(len(judged)), str(valid), *share, f"{times[len(times) // 2]:.0f}"]


def rejections(judged: Sequence[Judged]) -> str:
    """Commits turned away, by level and rule."""
    reasons = Counter((i.level.value, i.code) for item in judged for i in {b.code: b for b in item.blame}.values())
    rows = [[level, code, str(count)] for (level, code), count in reasons.most_common()]
    return table(["level", "rule", "commits rejected"], rows) if rows else "None was rejected."


def print_rejections(judged: Sequence[Judged]) -> None:
    for item in judged:
        for issue in item.plain.issues:
            if issue.severity == "info":
                continue
            print(f"{issue.severity} ", end="")
            print(f"{item.step.project} {item.step.sha[:10]} {issue.path}:{issue.line} [{issue.code}] {issue.message}")


if __name__ == "__main__":
    main(sys.argv[1:])
