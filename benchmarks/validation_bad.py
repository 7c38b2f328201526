"""How many planted faults validation turns away, and whether the right level names them.

    python -m benchmarks.validation_bad [--hosts FOLDER...] [--rounds 4] [--seed 7]

Faults that fit anywhere are planted into modules below `--hosts` (this repository's own by default), the others into a
small service and its tests.
"""

from __future__ import annotations

import argparse
import ast
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults import Fault
from benchmarks.planted import GENERIC, IN_SERVICE, IN_TESTS, OTHER_FILES, SERVICE, TESTS
from benchmarks.report import table, write_report
from tasks.models import FileEdit, Level
from tasks.validation.options import ValidationOptions
from tasks.validation.pipeline import CodeValidationPipeline

ATTEMPTS = 40
"""Modules tried until one offers a place for a fault."""


@dataclass(frozen=True)
class Case:
    fault: str
    level: Level
    edit: FileEdit


@dataclass(frozen=True)
class Verdict:
    case: Case
    rejected: bool
    named_by: bool
    """The expected level failed."""


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.validation_bad")
    parser.add_argument("--hosts", nargs="*", type=Path, default=[Path(__file__).parent.parent / "tasks"])
    parser.add_argument("--rounds", type=int, default=4, help="cases of each fault that fits anywhere")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    pipeline = CodeValidationPipeline(ValidationOptions(concurrent=False))
    verdicts = [judge(case, pipeline) for case in make_cases(options.hosts, options.rounds, options.seed)]
    intro = "One fault each, planted into code that passes without it; judged by all five levels, not in strict mode."
    write_report(
        "validation_bad", "Bad changes: how many are turned away", intro, [by_level(verdicts), missed(verdicts)]
    )


def make_cases(hosts: Sequence[Path], rounds: int, seed: int) -> Iterator[Case]:
    choose = random.Random(seed)
    modules = [text for folder in hosts for path in sorted(folder.rglob("*.py")) if (text := module_text(path))]
    for fault in GENERIC:
        for _ in range(rounds):
            yield from plant(fault, choose, modules)
    for fault in IN_SERVICE:
        yield from plant(fault, choose, [SERVICE])
    for fault in IN_TESTS:
        yield from plant(fault, choose, [TESTS])
    for name, level, path, before, after in OTHER_FILES:
        yield Case(name, level, FileEdit(path=path, before=before, after=after))


def module_text(path: Path) -> str | None:
    """The text of a module of some substance; None for others."""
    try:
        text = path.read_text(encoding="utf-8")
        functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    except (SyntaxError, UnicodeDecodeError):
        return None
    return text if len(functions) >= 3 and "\r" not in text else None


def plant(fault: Fault, choose: random.Random, modules: Sequence[str]) -> Iterator[Case]:
    for _ in range(ATTEMPTS):
        before = choose.choice(modules)
        after = fault.plant(before, choose)
        if after is not None and after != before:
            yield Case(fault.name, fault.level, FileEdit(path=fault.path, before=before, after=after))
            return
    raise SystemExit(f"no module offers a place for {fault.name!r}")


def judge(case: Case, pipeline: CodeValidationPipeline) -> Verdict:
    result = pipeline.validate_change([case.edit])
    return Verdict(case, not result.is_valid, not result.levels[case.level].passed)


def by_level(verdicts: Sequence[Verdict]) -> str:
    groups = [(level.value, [v for v in verdicts if v.case.level is level]) for level in Level]
    rows = [_row(name, group) for name, group in [*groups, ("all", list(verdicts))]]
    return table(["level", "kinds", "cases", "rejected", "named by the right level", "%"], rows)


def _row(name: str, group: Sequence[Verdict]) -> list[str]:
    kinds = len({verdict.case.fault for verdict in group})
    rejected = sum(verdict.rejected for verdict in group)
    named = sum(verdict.named_by for verdict in group)
    return [name, str(kinds), str(len(group)), str(rejected), str(named), f"{100 * named / len(group):.1f}"]


def missed(verdicts: Sequence[Verdict]) -> str:
    lost = [verdict for verdict in verdicts if not verdict.named_by]
    names = sorted({verdict.case.fault for verdict in lost})
    if not names:
        return "No fault was missed."
    rows = [
        [name, str(sum(v.case.fault == name for v in lost)), str(sum(v.case.fault == name for v in verdicts))]
        for name in names
    ]
    return table(["missed fault", "missed", "of"], rows)


if __name__ == "__main__":
    main(sys.argv[1:])
