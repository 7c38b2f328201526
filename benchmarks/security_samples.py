"""How many samples of insecure code the security level finds, and how often it cries wolf.

    python -m benchmarks.security_samples SECURITYEVAL_CLONE [--good CLONE...] [--files 340] [--seed 7]

SecurityEval (github.com/s2e-lab/SecurityEval, 121 Python samples in 69 CWE classes) is read from a clone of it; the
good files are drawn from the clones under `--good`. bandit and ruff run over the same texts in the same run.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import table, write_report
from tasks.models import Level
from tasks.validation.change import House
from tasks.validation.checks.ruff import ruff_findings
from tasks.validation.checks.security.bandit import check_bandit
from tasks.validation.pipeline import CodeValidationPipeline
from tasks.validation.source import Source


@dataclass(frozen=True)
class Verdict:
    name: str
    bandit: bool
    ruff: bool
    reported: bool
    """The security level says something of weight: an error or a warning."""
    failed: bool
    """The security level fails: an error."""
    rejected: bool
    """Any level fails."""


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.security_samples")
    parser.add_argument("samples", type=Path)
    parser.add_argument("--good", nargs="*", type=Path, default=[])
    parser.add_argument("--files", type=int, default=340)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    samples = [judge(source) for source in read(options.samples, "Testcases_Insecure_Code/", options.seed)]
    sections = ["## Insecure samples\n\n" + summary(samples), "Not found: " + not_found(samples)]
    if options.good:
        share = -(-options.files // len(options.good))
        files = [source for clone in options.good for source in read(clone, "", options.seed, share)]
        good = [judge(source) for source in files[: options.files]]
        sections += ["## False alarms: files of well-kept projects, judged as they stand\n\n" + summary(good)]
    intro = (
        "Each file alone, as `mendflow validate FILE` judges it. bandit and ruff (its S rules) count with any finding "
        "of any severity, `assert` left out; mendflow counts with a finding of the given weight at the security level."
    )
    write_report("security_samples", "Insecure code: how much is found", intro, sections)


def read(clone: Path, prefix: str, seed: int, count: int | None = None) -> list[Source]:
    """Python files below `prefix` at the newest commit; without a prefix source files, tests and fixtures left out."""
    names = [name for name in git(clone, "ls-tree", "-r", "--name-only", "HEAD").splitlines() if name.endswith(".py")]
    if prefix:
        chosen = [name for name in names if name.startswith(prefix)]
    else:
        chosen = [name for name in names if not Source(name, "").is_test and not name.startswith(("docs", "examples"))]
        random.Random(seed).shuffle(chosen)
    # a neutral folder, since `Testcases_` would pass for a folder of tests
    return [Source("app/" + name.removeprefix(prefix), git(clone, "show", f"HEAD:{name}")) for name in chosen[:count]]


def git(clone: Path, *arguments: str) -> str:
    run = subprocess.run(["git", "-C", str(clone), *arguments], capture_output=True, check=True)
    return run.stdout.decode("utf-8", "replace")


def judge(source: Source) -> Verdict:
    result = CodeValidationPipeline().validate_sources([source])
    weights = {issue.severity for issue in result.issues if issue.level is Level.SECURITY}
    return Verdict(
        name=source.path.removeprefix("app/"),
        bandit=any(check_bandit(source, House())),
        ruff=any(issue.level is Level.SECURITY for issue in ruff_findings([source], None)[source]),
        reported=bool(weights & {"error", "warning"}),
        failed="error" in weights,
        rejected=not result.is_valid,
    )


def summary(verdicts: Sequence[Verdict]) -> str:
    columns: dict[str, Iterable[bool]] = {
        "bandit, any finding": [v.bandit for v in verdicts],
        "ruff S, any finding": [v.ruff for v in verdicts],
        "bandit or ruff S": [v.bandit or v.ruff for v in verdicts],
        "mendflow, warning or error": [v.reported for v in verdicts],
        "mendflow, security level fails": [v.failed for v in verdicts],
        "mendflow, any level fails": [v.rejected for v in verdicts],
    }
    rows = [[name, str(sum(hits)), f"{100 * sum(hits) / len(verdicts):.1f}"] for name, hits in columns.items()]
    return table([f"judge (of {len(verdicts)})", "files", "%"], rows)


def not_found(verdicts: Sequence[Verdict]) -> str:
    return ", ".join(verdict.name.removesuffix(".py") for verdict in verdicts if not verdict.reported) or "none"


if __name__ == "__main__":
    main(sys.argv[1:])
