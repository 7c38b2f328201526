"""What the codemods do to well-kept libraries, where nearly every change is a false alarm.

    python -m benchmarks.codemod_libraries PATHS... [--files 200] [--suites] [--output FILE]

PATHS are clones or package folders. Rules that need review are applied apart, since they run only when a finding or an
incident names them. With `--suites` each clone's own pytest suite runs on a copy before and after the rewrite.
"""

from __future__ import annotations

import argparse
import ast
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import libcst as cst

from tasks.generation.codemods import RULES, apply_codemods
from tasks.generation.codemods.rewriting import ParsedFile
from tasks.patches import read_source

SKIPPED = re.compile(
    r"(^|/)(tests?|testing|docs?|examples?|benchmarks?|build|_vendor|\.\w+)(/|$)|(^|/)(test_\w*|conftest|setup)\.py$"
)
SUITE_LIMIT_S = 600


@dataclass
class Tally:
    files: int = 0
    lines: int = 0
    changed: int = 0
    broken: list[str] = field(default_factory=list)
    unstable: list[str] = field(default_factory=list)
    """Files that a second pass changes again."""
    edits: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


def source_files(root: Path) -> list[Path]:
    found = sorted(p for p in root.rglob("*.py") if not SKIPPED.search(p.relative_to(root).as_posix()))
    return [path for path in found if path.is_file() and not path.is_symlink()]


def spread(roots: Sequence[Path], limit: int) -> list[tuple[Path, Path]]:
    """Root and file, taken from each root in turn until there are enough."""
    queues = [(root, source_files(root)) for root in roots]
    chosen: list[tuple[Path, Path]] = []
    while len(chosen) < limit and any(files for _, files in queues):
        for root, files in queues:
            if files and len(chosen) < limit:
                chosen.append((root, files.pop(0)))
    return chosen


def tally(files: Iterable[tuple[Path, Path]]) -> dict[str, Tally]:
    """For each safety class, what its rules do to each file, every rule on the file as it is."""
    result = {name: Tally() for name in ("safe", "hardening", "review")}
    for root, path in files:
        try:
            source, _ = read_source(path)
            ast.parse(source)
            parsed = ParsedFile(source, path.relative_to(root).as_posix())
        except (SyntaxError, UnicodeDecodeError, ValueError, cst.ParserSyntaxError):
            continue
        for name, item in result.items():
            started = time.process_time()
            _apply_class(item, parsed, f"{root.name}/{parsed.path}", name)
            item.seconds += time.process_time() - started
    return result


def _apply_class(item: Tally, parsed: ParsedFile, label: str, safety: str) -> None:
    item.files += 1
    item.lines += parsed.text.count("\n")
    changed = False
    for rule in RULES.values():
        if rule.safety != safety or not rule.may_apply(parsed.text):
            continue
        result = parsed.apply(rule)
        if not result.edits:
            continue
        changed = True
        item.edits[rule.id] += len(result.edits)
        if not _parses(result.text):
            item.broken.append(label)
        if apply_codemods(result.text, parsed.path, [rule.id])[0] != result.text:
            item.unstable.append(label)
    item.changed += changed


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def suite_outcome(root: Path, rules: Sequence[str] | None) -> tuple[int, frozenset[str]]:
    """How many tests passed and which failed, on a copy that the rules rewrote; no rules: as it is."""
    with tempfile.TemporaryDirectory(prefix="mendflow-bench-") as folder:
        copy = Path(folder) / root.name
        shutil.copytree(root, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        for path in source_files(copy) if rules is not None else ():
            try:
                source, encoding = read_source(path)
            except (SyntaxError, UnicodeDecodeError):
                continue
            text, edits = apply_codemods(source, path.relative_to(copy).as_posix(), rules)
            if edits:
                path.write_bytes(text.encode(encoding))
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "ignore", "-rfE", "--tb=no"]
        environment = {"PYTHONPATH": f"{copy / 'src'}:{copy}", "PATH": "/usr/bin:/bin", "HOME": folder}
        try:
            run = subprocess.run(
                command, cwd=copy, env=environment, capture_output=True, text=True, timeout=SUITE_LIMIT_S, check=False
            )
        except subprocess.TimeoutExpired:
            return 0, frozenset({"time limit"})
    passed = re.search(r"(\d+) passed", run.stdout)
    failed = frozenset(re.findall(r"^(?:FAILED|ERROR) (\S+)", run.stdout, re.MULTILINE))
    return int(passed[1]) if passed else 0, failed


def rules_of(*classes: str) -> list[str]:
    return [rule.id for rule in RULES.values() if rule.safety in classes]


def page(tallies: Mapping[str, Tally], suites: Sequence[str], roots: Sequence[Path]) -> str:
    names = ", ".join(root.name.rpartition("+")[2] for root in roots)
    lines = [
        "# Codemods on well-kept libraries",
        "",
        f"Measured {datetime.now(UTC):%Y-%m-%d} with libcst {version('libcst')} and {len(RULES)} codemods on: {names}. "
        "Every edit counts as a false alarm here, though some mend a weakness; unstable: a second pass changes more.",
        "",
        "| rules | files | lines | changed | edits per 1,000 lines | broken | unstable | CPU s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, item in tallies.items():
        rate = 1000 * item.edits.total() / max(item.lines, 1)
        cells = [name, item.files, item.lines, item.changed, f"{rate:.2f}", len(item.broken), len(item.unstable)]
        lines.append("| " + " | ".join(str(cell) for cell in [*cells, f"{item.seconds:.0f}"]) + " |")
    lines += ["", "| rule | class | edits |", "|---|---|---|"]
    counted = Counter({k: v for item in tallies.values() for k, v in item.edits.items()})
    lines += [f"| {rule} | {RULES[rule].safety} | {count} |" for rule, count in counted.most_common()]
    if suites:
        lines += [
            "",
            "| suite | before: passed, failed | safe + hardening | all (with review) |",
            "|---|---|---|---|",
            *suites,
        ]
    return "\n".join(lines) + "\n"


def suite_row(root: Path) -> str:
    before = suite_outcome(root, None)
    cells = [f"{before[0]}, {len(before[1])}"]
    for classes in (("safe", "hardening"), ("safe", "hardening", "review")):
        after = suite_outcome(root, rules_of(*classes))
        worse = sorted(after[1] - before[1])
        cells.append(f"{after[0]}, {len(after[1])}" + (f"; new: {', '.join(worse[:3])}" if worse else ""))
    row = f"| {root.name.rpartition('+')[2]} | {' | '.join(cells)} |"
    print(row, file=sys.stderr)
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--suites", action="store_true")
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    files = spread(given.paths, given.files)
    tallies = tally(files)
    has_suite = [root for root in given.paths if (root / "tests").is_dir() or (root / "test").is_dir()]
    suites = [suite_row(root) for root in has_suite] if given.suites else []
    text = page(tallies, suites, given.paths)
    print(text)
    if given.output:
        given.output.parent.mkdir(parents=True, exist_ok=True)
        given.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
