"""Cases of real faults from git clones: a commit that fixed one function and brought a test, its fix taken out again.

    python -m benchmarks.fault_cases OUT CLONE... [--python PYTHON] [--per-project N] [--tries N]

A case is a JSON file in OUT with the clone, the commit, the file's text before the fix, and the tests that the fix
mended, each seen to fail without it and to pass with it. Projects are those whose tests run with pytest alone in the
interpreter given. Which commits are taken depends on nothing that the engine does.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path

from tasks.protocols import Sandbox, SandboxJob, SandboxLimits
from tasks.sandbox.choose import choose_sandbox

_FIX = re.compile(r"\b(fix|bug|error|crash|regress|wrong|incorrect|handle|broken|fail|issue|correct)", re.IGNORECASE)
_MOST_LINES = 14
"""Changed source lines; larger changes are features more often than fixes."""
_SUITE_S = 90.0


@dataclass(frozen=True)
class Case:
    project: str
    clone: str
    commit: str
    subject: str
    path: str
    function: str
    before: str
    after: str
    failing: tuple[str, ...]
    """Tests that fail without the fix and pass with it."""
    failing_anyway: tuple[str, ...]
    passing: int
    suite_s: float


def git(clone: Path, *arguments: str) -> bytes:
    command = ["git", "-C", str(clone), "-c", "core.quotepath=off", *arguments]
    return subprocess.run(command, capture_output=True, check=True).stdout


def check_out(clone: Path, commit: str, target: Path) -> None:
    """The commit's files below `target`, without history."""
    with tarfile.open(fileobj=BytesIO(git(clone, "archive", "--format=tar", commit))) as archive:
        archive.extractall(target, filter="data")


def run_tests(sandbox: Sandbox, root: Path, python: str, tests: list[str], limit_s: float) -> dict[str, str] | None:
    """Outcome by node id; None when the run did not come to its end."""
    report = root / "mendflow-outcomes.xml"
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts=", "-o", "xfail_strict=false"]
    command += ["-p", "no:randomly", "--tb=no", "-rA", "--continue-on-collection-errors", *tests]
    limits = SandboxLimits(wall_s=limit_s, cpu_s=limit_s)
    environment = {"PYTHONPATH": f"{root}:{root / 'src'}", "PYTHONHASHSEED": "0"}
    run = sandbox.run(SandboxJob(command, cwd=root, writable=(root,), environment=environment, limits=limits))
    report.unlink(missing_ok=True)
    if run.exit_code not in (0, 1):
        return None
    found = {}
    for line in run.stdout.decode("utf-8", "replace").splitlines():
        outcome, _, rest = line.partition(" ")
        if outcome in ("PASSED", "FAILED", "ERROR"):
            found[rest.split(" - ")[0].strip()] = outcome
    return found


def is_test(path: str) -> bool:
    name = path.rsplit("/", 1)[-1]
    return name.startswith("test_") or name.endswith("_test.py") or "/tests/" in f"/{path}" or "/test/" in f"/{path}"


def candidate_commits(clone: Path) -> Iterator[tuple[str, str, str, list[str]]]:
    """Commit, subject, the one source file and the test files that it touches, newest first."""
    log = git(clone, "log", "--no-merges", "--no-renames", "-n3000", "--numstat", "--format=%x01%H%x02%s")
    for block in log.decode("utf-8", "replace").split("\x01")[1:]:
        head, *rest = block.split("\n")
        commit, _, subject = head.partition("\x02")
        stats = [line.split("\t") for line in rest if line.count("\t") == 2]
        python = [(int(a) + int(d), path) for a, d, path in stats if path.endswith(".py") and a != "-"]
        sources = [(size, path) for size, path in python if not is_test(path)]
        tests = [path for _, path in python if is_test(path) and path.rsplit("/", 1)[-1] != "conftest.py"]
        if len(sources) == 1 and tests and sources[0][0] <= _MOST_LINES and _FIX.search(subject):
            yield commit, subject, sources[0][1], tests


def changed_function(before: str, after: str) -> str | None:
    """The one function whose code differs; None when it is not exactly one, or only comments differ."""
    try:
        old, new = _functions(before), _functions(after)
    except SyntaxError:
        return None
    if old.keys() != new.keys():
        return None
    changed = [name for name in old if old[name] != new[name]]
    return changed[0] if len(changed) == 1 and changed[0] else None


def _functions(text: str) -> dict[str, str]:
    """Dump by qualified name of functions at module or class level; the rest of the module under the empty name."""
    found: dict[str, str] = {}

    def visit(body: list[ast.stmt], prefix: str) -> str:
        rest = []
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found[f"{prefix}{node.name}"] = found.get(f"{prefix}{node.name}", "") + ast.dump(without_docs(node))
            elif isinstance(node, ast.ClassDef):
                rest.append(visit(node.body, f"{prefix}{node.name}."))
            else:
                rest.append(ast.dump(node))
        return "\n".join(rest)

    found[""] = visit(ast.parse(text).body, "")
    return found


def without_docs(node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(node.body) > 1:
        node.body = node.body[1:]
    return node


def build_case(clone: Path, commit: str, subject: str, path: str, tests: list[str], python: str) -> Case | None:
    try:
        before, after = (git(clone, "show", f"{name}:{path}").decode() for name in (f"{commit}~1", commit))
    except (subprocess.CalledProcessError, UnicodeDecodeError):
        return None
    function = changed_function(before, after)
    if function is None:
        return None
    sandbox = choose_sandbox()
    with tempfile.TemporaryDirectory(prefix="fault-case-") as folder:
        root = Path(folder) / "repository"
        root.mkdir()
        check_out(clone, commit, root)
        near = [test for test in tests if (root / test).exists()]
        quick = run_tests(sandbox, root, python, near, 40.0) if near else None
        if not quick or "PASSED" not in quick.values():
            return None
        (root / path).write_text(before)
        faulty = run_tests(sandbox, root, python, near, 40.0)
        mended = [
            t for t, outcome in quick.items() if outcome == "PASSED" and (faulty or {}).get(t, "PASSED") != "PASSED"
        ]
        if faulty is None or not mended:
            return None
        return _with_suite(sandbox, root, python, clone, commit, subject, path, function, before, after)


def _with_suite(
    sandbox: Sandbox,
    root: Path,
    python: str,
    clone: Path,
    commit: str,
    subject: str,
    path: str,
    function: str,
    before: str,
    after: str,
) -> Case | None:
    started = time.monotonic()
    faulty = run_tests(sandbox, root, python, [], _SUITE_S)
    seconds = time.monotonic() - started
    (root / path).write_text(after)
    fixed = run_tests(sandbox, root, python, [], _SUITE_S)
    if faulty is None or fixed is None:
        return None
    failing = tuple(t for t, outcome in faulty.items() if outcome != "PASSED" and fixed.get(t) == "PASSED")
    anyway = tuple(t for t, outcome in faulty.items() if outcome != "PASSED" and fixed.get(t) != "PASSED")
    if not failing or len(failing) > 30:
        return None
    project = clone.parent.name.partition("+")[2] or clone.name
    passing = sum(outcome == "PASSED" for outcome in faulty.values())
    return Case(project, str(clone), commit, subject, path, function, before, after, failing, anyway, passing, seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("clones", type=Path, nargs="+")
    parser.add_argument("--python", required=True)
    parser.add_argument("--per-project", type=int, default=5)
    parser.add_argument("--tries", type=int, default=25)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for clone in options.clones:
        made = tried = 0
        for commit, subject, path, tests in candidate_commits(clone):
            if made >= options.per_project or tried >= options.tries or (tried >= 8 and not made):
                break
            tried += 1
            case = build_case(clone, commit, subject, path, tests, options.python)
            if case is not None:
                made += 1
                (options.out / f"{case.project}-{commit[:10]}.json").write_text(json.dumps(asdict(case), indent=1))
        print(f"{clone}: {made} cases of {tried} commits tried", flush=True)


if __name__ == "__main__":
    main()
