"""From what the sandbox and the runner said to a TestRun that claims no more than both support."""

from __future__ import annotations

import os.path
import re
from pathlib import Path

from tasks.errors import TestCommandError
from tasks.models import TestRun
from tasks.protocols import SandboxRun
from tasks.validation.testing.channel import Results
from tasks.validation.testing.command import TestCommand
from tasks.validation.testing.summary import read_summary

_TAIL_CHARS = 6000
_BROKEN_CONFTEST = re.compile(r"ImportError while loading conftest '([^']+)'")
_MISSING_RUNNER = re.compile(r"No module named '?(pytest|unittest)'?\s*$", re.MULTILINE)
_USAGE_ERROR = 4
_NOT_FOUND = (126, 127)


def tally(command: TestCommand, run: SandboxRun, results: Results, *, base: TestRun, workspace: Path) -> TestRun:
    """`base` with what happened filled in.

    Raises TestCommandError when the output says that the command could not have run any test.
    """
    output = run.stdout.decode("utf-8", "replace") + run.stderr.decode("utf-8", "replace")
    base = base.model_copy(
        update={
            "duration_s": run.duration_s,
            "exit_code": run.exit_code,
            "ended_by": run.ended_by,
            "output_tail": output[-_TAIL_CHARS:],
        }
    )
    if results.started:
        return _from_results(base, results, output)
    if broken := _BROKEN_CONFTEST.search(output):
        return _broken_conftest(base, os.path.relpath(broken[1], workspace))
    if run.ended_by == "exit":
        _refuse_unstartable(command, run.exit_code, output)
    return _from_output(base, command, output)


def _from_results(base: TestRun, results: Results, output: str) -> TestRun:
    if results.exit_code == _USAGE_ERROR and not results.outcomes and not results.uncollected:
        raise TestCommandError(f"the test command cannot run: {_last_error(output)}")
    incomplete = _why_incomplete(base, results)
    errors = list(dict.fromkeys([*results.uncollected, *results.of("error")]))
    if incomplete:
        errors += sorted(results.running - {*errors, *results.of("failed")})
        errors += [] if errors or results.of("failed") else ["(the test run)"]
    failing = [*errors, *results.of("failed")]
    return base.model_copy(
        update={
            "passed": len(set(results.of("passed")) - set(errors)),
            "failed": len(results.of("failed")),
            "errors": len(errors),
            "skipped": len(results.of("skipped")),
            "failing": tuple(dict.fromkeys(failing)),
            "passing": tuple(name for name in results.of("passed") if name not in set(errors)),
            "collected": None if results.collected is None else len(results.collected),
            "collection_errors": tuple(dict.fromkeys(results.uncollected)),
            "incomplete": incomplete,
            "exit_code": base.exit_code or results.exit_code if base.exit_code is not None else None,
        }
    )


def _why_incomplete(base: TestRun, results: Results) -> str:
    if results.contradiction:
        return results.contradiction
    if base.ended_by != "exit":
        return f"ended by the limit on {base.ended_by}"
    if results.exit_code is None:
        return f"the process ended (exit code {base.exit_code}) before the tests had finished"
    return ""


def _broken_conftest(base: TestRun, path: str) -> TestRun:
    """A conftest.py that cannot be imported is a fault that a patch may mend, not a wrong command."""
    return base.model_copy(update={"errors": 1, "failing": (path,), "collection_errors": (path,), "collected": 0})


def _refuse_unstartable(command: TestCommand, exit_code: int | None, output: str) -> None:
    if missing := _MISSING_RUNNER.search(output):
        raise TestCommandError(
            f"{command.start[0]} has no module {missing[1]!r}; install it there or name another test command"
        )
    if exit_code in _NOT_FOUND or (command.runner == "pytest" and exit_code == _USAGE_ERROR):
        raise TestCommandError(f"the test command cannot run: {_last_error(output)}")


def _last_error(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    told = [line for line in lines if re.search(r"\berror: (?!usage)", line, re.IGNORECASE)]
    return (told or lines or ["it gave no reason"])[0][:300]


def _from_output(base: TestRun, command: TestCommand, output: str) -> TestRun:
    """Of a runner that mendflow does not know: its summary where it prints one, else one test that is the command."""
    if command.runner != "other":
        reason = f"the runner reported nothing (exit code {base.exit_code})"
        return base.model_copy(update={"errors": 1, "failing": ("(the test run)",), "incomplete": reason})
    summary = read_summary(output)
    if summary is None:
        ok = base.exit_code == 0
        name = " ".join(base.command)
        return base.model_copy(
            update={"passed": int(ok), "failed": int(not ok), "failing": () if ok else (name,), "passing": (name,) * ok}
        )
    disagrees = base.exit_code not in (0, None) and not (summary.failed or summary.errors)
    return base.model_copy(
        update={
            "passed": summary.passed,
            "failed": summary.failed,
            "errors": summary.errors + int(disagrees),
            "skipped": summary.skipped,
            "failing": summary.failing or (("(the test run)",) if disagrees else ()),
            "incomplete": "" if base.ended_by == "exit" else f"ended by the limit on {base.ended_by}",
        }
    )
