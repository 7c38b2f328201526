"""Findings of bandit's own example files that the codemods remove, beside `ruff --fix`.

    python -m benchmarks.bandit_examples PATH_OF_BANDIT_CLONE [--output docs/benchmarks/codemods-bandit.md]

Every file is rewritten with each safety class in turn and scanned again with the bandit that is installed. A finding
counts as gone when bandit reports fewer of its id for the file, and as new when it reports more.
"""

from __future__ import annotations

import argparse
import ast
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tasks.generation.codemods import RULES, apply_codemods
from tasks.generation.codemods.findings import bandit_findings
from tasks.patches import read_source

_RANGES = ((101, 101), (103, 103), (108, 108), (110, 110), (112, 113), (201, 202), (306, 307), (310, 311), (313, 319))
_RANGES += ((323, 324), (405, 409), (411, 411), (501, 507), (602, 602), (608, 608), (613, 614), (701, 702))
FIXABLE = frozenset(f"B{number}" for first, last in _RANGES for number in range(first, last + 1))
"""Ids for which a repair exists that keeps the behaviour or hardens it on purpose."""

NOTES = """\
B603 is bandit's note on any subprocess call, the safe kind without a shell included: each new one stands where
a B602, B605 or B609 stood. Left of the fixable ids are: names of tables and columns in SQL, which cannot be
bound (B608); Mako templates, which bandit reports whatever their filters (B702); command lines that only a
shell understands or that decide at run time whether to use one (B602); XML parsing in files whose project does
not have defusedxml (B317, B411, B406 for a base class); openers that are then asked to copy local files (B310);
and autoescaping that a function decides (B701). Model revisions, informational imports and the like (the ids
that are not fixable) need knowledge or policy."""

Findings = Counter[tuple[str, str]]
"""How often an id (second) is reported for a file (first)."""

CLASSES: Mapping[str, tuple[str, ...]] = {
    "safe": ("safe",),
    "safe + hardening": ("safe", "hardening"),
    "all (with review)": ("safe", "hardening", "review"),
}


@dataclass(frozen=True)
class Outcome:
    name: str
    before: Findings
    after: Findings
    broken: tuple[str, ...]
    """Files that parsed before and do not any more."""

    @property
    def gone(self) -> Findings:
        return self.before - self.after

    @property
    def new(self) -> Findings:
        return self.after - self.before


def scan(files: Mapping[str, str]) -> Findings:
    found: Findings = Counter()
    for path, source in files.items():
        found.update({(path, rule): n for rule, n in bandit_findings(source, path).items()})
    return found


def measure(name: str, files: Mapping[str, str], before: Findings, rewrite: Callable[[str, str], str]) -> Outcome:
    after: Findings = Counter()
    broken: list[str] = []
    for path, source in files.items():
        text = rewrite(path, source)
        after.update({(path, rule): n for rule, n in bandit_findings(text, path).items()})
        if _parses(source) and not _parses(text):
            broken.append(path)
    return Outcome(name, before, after, tuple(broken))


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def with_codemods(classes: tuple[str, ...]) -> Callable[[str, str], str]:
    rules = [rule.id for rule in RULES.values() if rule.safety in classes]
    return lambda path, source: apply_codemods(source, path, rules)[0]


def with_ruff(path: str, source: str) -> str:
    """The file after ruff's own fixes for the same kind of finding."""
    command = [shutil.which("ruff", path=Path(sys.executable).parent) or "ruff", "check", "--isolated", "--fix"]
    command += ["--unsafe-fixes", "--select", "S", "--quiet"]
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / Path(path).name
        target.write_text(source, encoding="utf-8", errors="surrogatepass", newline="")
        subprocess.run([*command, str(target)], capture_output=True, check=False)
        return target.read_text(encoding="utf-8", errors="surrogatepass")


def example_files(clone: Path) -> dict[str, str]:
    files: dict[str, str] = {}
    for path in sorted((clone / "examples").rglob("*.py")):
        try:
            files[path.relative_to(clone).as_posix()] = read_source(path)[0]
        except (UnicodeDecodeError, SyntaxError):
            continue
    return files


def table(outcomes: list[Outcome]) -> str:
    lines = [
        "| rewritten with | fixable ids: gone | all ids: gone | new findings | files broken |",
        "|---|---|---|---|---|",
    ]
    for outcome in outcomes:
        total = outcome.before.total()
        fixable = sum(n for (_, rule), n in outcome.before.items() if rule in FIXABLE)
        gone = sum(n for (_, rule), n in outcome.gone.items() if rule in FIXABLE)
        cells = [f"{gone} of {fixable} ({gone / fixable:.1%})"]
        cells += [f"{outcome.gone.total()} of {total} ({outcome.gone.total() / total:.1%})"]
        new = Counter(rule for (_, rule), n in outcome.new.items() for _ in range(n))
        cells += [", ".join(f"{rule} x {n}" for rule, n in sorted(new.items())) or "0", str(len(outcome.broken))]
        lines.append(f"| {outcome.name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def table_by_id(outcome: Outcome) -> str:
    before = Counter(rule for (_, rule), n in outcome.before.items() for _ in range(n))
    gone = Counter(rule for (_, rule), n in outcome.gone.items() for _ in range(n))
    lines = ["| id | fixable | findings | gone | left |", "|---|---|---|---|---|"]
    for rule, n in sorted(before.items()):
        mark = "yes" if rule in FIXABLE else ""
        lines.append(f"| {rule} | {mark} | {n} | {gone[rule]} | {n - gone[rule]} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("clone", type=Path)
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    files = example_files(given.clone)
    before = scan(files)
    outcomes = [measure(name, files, before, with_codemods(classes)) for name, classes in CLASSES.items()]
    outcomes.append(measure("ruff check --fix --unsafe-fixes --select S", files, before, with_ruff))
    versions = ", ".join(f"{name} {version(name)}" for name in ("bandit", "ruff", "libcst"))
    page = (
        f"# Codemods on bandit's examples\n\nMeasured {datetime.now(UTC):%Y-%m-%d} with {versions} and "
        f"{len(RULES)} codemods on {len(files)} files: `python -m benchmarks.bandit_examples PATH`.\n\n"
        f"{table(outcomes)}\n\n{NOTES}\n\n## By id, all classes\n\n{table_by_id(outcomes[2])}\n"
    )
    print(page)
    if given.output:
        given.output.parent.mkdir(parents=True, exist_ok=True)
        given.output.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
