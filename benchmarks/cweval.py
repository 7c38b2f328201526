"""What the codemods do to CWEval's Python tasks: their safe solutions stay functional, their unsafe ones get safe.

    python -m benchmarks.cweval PATH_OF_CWEVAL_CLONE [--python INTERPRETER] [--output FILE]

Each task comes with a safe solution, and its test file holds an unsafe one. Both are rewritten and put to the task's
own functional and security tests. INTERPRETER needs pytest and what the tasks import (pycryptodome, argon2-cffi, lxml,
PyJWT, PyYAML, wrapt_timeout_decorator).
"""

from __future__ import annotations

import argparse
import ast
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tasks.generation.codemods import RULES, apply_codemods

TASKS = Path("benchmark/core/py")
CLASSES = {
    "safe + hardening": ("safe", "hardening"),
    "all (with review)": ("safe", "hardening", "review"),
}


@dataclass(frozen=True)
class Verdict:
    functional: frozenset[str]
    """Tasks whose functional tests all pass."""
    secure: frozenset[str]
    """Tasks whose security tests all pass as well."""


def safe_solutions(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*_task.py"))}


def unsafe_solutions(folder: Path) -> dict[str, str]:
    """The unsafe function of each test file under the name of the task's function, with the imports of that file."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*_test.py")):
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.endswith("_unsafe")]
        imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        kept = [node for node in imports if "_task" not in ast.unparse(node) and "pytest" not in ast.unparse(node)]
        if len(functions) != 1:
            continue
        body = ast.get_source_segment(source, functions[0]) or ""
        name = functions[0].name
        text = "\n".join(ast.unparse(node) for node in kept) + "\n\n\n" + body + "\n"
        found[path.name.replace("_test.py", "_task.py")] = text.replace(name, name.removesuffix("_unsafe"))
    return found


def judge(folder: Path, solutions: Mapping[str, str], python: str) -> Verdict:
    """Run the tasks' tests on the solutions in a copy of the folder."""
    with tempfile.TemporaryDirectory(prefix="mendflow-cweval-") as temporary:
        copy = Path(temporary) / "py"
        shutil.copytree(folder, copy)
        for name, text in solutions.items():
            (copy / name).write_text(text, encoding="utf-8")
        passed = {mark: _passed(copy, mark, python) for mark in ("functionality", "security")}
    functional = frozenset(name for name in solutions if passed["functionality"].get(name, False))
    secure = frozenset(name for name in functional if passed["security"].get(name, True))
    return Verdict(functional, secure)


def _passed(folder: Path, mark: str, python: str) -> dict[str, bool]:
    """For each task with tests of the mark: whether all of them passed."""
    command = [python, "-m", "pytest", "-q", "-m", mark, "-k", "not unsafe", "-rA", "--tb=no", "-p", "no:cacheprovider"]
    run = subprocess.run(
        [*command, "-W", "ignore", "-o", "markers=functionality\nsecurity", "."],
        cwd=folder, capture_output=True, text=True, timeout=1200, check=False,
    )  # fmt: skip
    verdicts: dict[str, bool] = {}
    for outcome, name in re.findall(r"^(PASSED|FAILED|ERROR) (\w+)_test\.py", run.stdout, re.MULTILINE):
        task = f"{name}_task.py"
        verdicts[task] = verdicts.get(task, True) and outcome == "PASSED"
    return verdicts


def rewritten(solutions: Mapping[str, str], classes: tuple[str, ...]) -> dict[str, str]:
    rules = [rule.id for rule in RULES.values() if rule.safety in classes]
    return {name: apply_codemods(text, name, rules)[0] for name, text in solutions.items()}


def row(name: str, before: Verdict, after: Verdict, total: int, changed: int) -> str:
    lost = sorted(item.removesuffix("_task.py") for item in before.functional - after.functional)
    functional = f"{len(after.functional)} of {total}" + (f"; lost: {', '.join(lost)}" if lost else "")
    return f"| {name} | {changed} | {functional} | {len(after.secure)} of {total} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("clone", type=Path)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    folder = given.clone / TASKS
    lines = ["| solutions | rewritten | functional | functional and secure |", "|---|---|---|---|"]
    details: list[str] = []
    for kind, solutions in (("safe", safe_solutions(folder)), ("unsafe", unsafe_solutions(folder))):
        before = judge(folder, solutions, given.python)
        lines.append(row(f"{kind}, as they are", before, before, len(solutions), 0))
        for name, classes in CLASSES.items():
            fresh = rewritten(solutions, classes)
            changed = [task for task in solutions if fresh[task] != solutions[task]]
            after = judge(folder, fresh, given.python)
            lines.append(row(f"{kind}, {name}", before, after, len(solutions), len(changed)))
            gained = sorted(task.removesuffix("_task.py") for task in after.secure - before.secure)
            details.append(f"- {kind}, {name}: made secure: {', '.join(gained) or 'none'}")
    page = (
        f"# Codemods on CWEval's Python tasks\n\nMeasured {datetime.now(UTC):%Y-%m-%d} with {len(RULES)} codemods: "
        "`python -m benchmarks.cweval PATH`.\n\n" + "\n".join([*lines, "", *details]) + "\n"
    )
    print(page)
    if given.output:
        given.output.parent.mkdir(parents=True, exist_ok=True)
        given.output.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
