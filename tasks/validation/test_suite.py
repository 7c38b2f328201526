"""A repository's own tests, run in the sandbox."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from tasks.models import TestRun
from tasks.protocols import Sandbox, SandboxJob, SandboxLimits
from tasks.sandbox.interpreter import interpreter_folders
from tasks.validation.testing.affected import affected_tests
from tasks.validation.testing.channel import INSIDE, Results, open_channel, read_results
from tasks.validation.testing.command import TestCommand, parse_command
from tasks.validation.testing.coverage import ChangedLines, covered_share, trace_request
from tasks.validation.testing.evidence import compare
from tasks.validation.testing.flaky import mark_flaky
from tasks.validation.testing.mutation import MutationCheck, mutation_check
from tasks.validation.testing.plugins import plugin_variables
from tasks.validation.testing.tally import tally

__all__ = ["MutationCheck", "TestSuite", "affected_tests", "compare", "mutation_check"]

_SHARE_OF_ONE_TEST = 0.25
"""Of the time for all: a test that hangs shall not keep the others from being run."""
_LONGEST_SELECTION = 2000
"""More tests than that are not named one by one: a command line has an end."""


class TestSuite:
    """The tests that `command` runs in `workspace`, with `python` as the repository's interpreter."""

    __test__ = False

    def __init__(
        self,
        sandbox: Sandbox,
        workspace: Path,
        command: Sequence[str],
        *,
        python: str,
        environment: Mapping[str, str] | None = None,
        limits: SandboxLimits | None = None,
    ) -> None:
        self.sandbox = sandbox
        self.workspace = workspace.resolve()
        self.command = tuple(command)
        self.python = python
        self.environment = dict(environment or {})
        self.limits = limits or SandboxLimits()

    def run(self, selection: Sequence[str] = ()) -> TestRun:
        """All tests, or those that `selection` names as a TestRun does; pytest takes files and folders too.

        A runner that takes no names runs all. Raises TestCommandError when the command cannot start.
        """
        return self.execute(selection)[0]

    def run_twice_for_flaky(self, selection: Sequence[str] = ()) -> TestRun:
        """As `run`; tests that failed and then pass in a rerun are named as `flaky`."""
        return mark_flaky(self.run(selection), self.run)

    def run_affected_first(self, changed: Iterable[str], known_failing: Collection[str] = ()) -> TestRun:
        """All tests, but those that import a changed file first: a failure among them that is not known ends it.

        The run's `selection` tells which of the two it is.
        """
        affected = affected_tests(self.workspace, changed)
        if affected and parse_command(self.command, self.python, self.workspace).runner == "pytest":
            first = self.run(affected)
            if set(first.failing) - set(known_failing):
                return first
        return self.run()

    def run_with_coverage(self, changed: ChangedLines, selection: Sequence[str] = ()) -> tuple[TestRun, float | None]:
        """As `run`, and the share of the changed executable lines that the tests' own process executed.

        None when no changed line is executable or the runner cannot be traced.
        """
        variables, wanted = trace_request(self.workspace, changed)
        run, results = self.execute(selection, variables)
        return run, covered_share(wanted, results)

    def execute(
        self, selection: Sequence[str] = (), variables: Mapping[str, str] | None = None
    ) -> tuple[TestRun, Results]:
        """As `run`, with `variables` for the scripts inside the sandbox, and all that these reported."""
        command = parse_command(self.command, self.python, self.workspace)
        with open_channel() as path:
            own = {"MENDFLOW_RESULTS": str(path), **(variables or {})}
            words = self._words(command, selection, path.parent, own)
            run = self.sandbox.run(self._job(command, words, path.parent, own))
            results = read_results(path)
        base = TestRun(command=self.command, selection=tuple(selection), sandbox=self.sandbox.name)
        return tally(command, run, results, base=base, workspace=self.workspace), results

    def _words(self, command: TestCommand, selection: Sequence[str], place: Path, own: dict[str, str]) -> list[str]:
        """The command line; what does not fit on it goes into `own` or a file in `place`."""
        if command.runner == "pytest":
            targets = list(selection) if 0 < len(selection) <= _LONGEST_SELECTION else list(command.targets)
            root = [] if "--rootdir" in " ".join(command.options) else [f"--rootdir={self.workspace}"]
            # One file that cannot be collected shall not hide what the others say; a random order proves less.
            steady = ["--continue-on-collection-errors", "-p", "no:randomly"]
            return [*command.start, *root, *steady, *command.options, *targets]
        if command.runner == "unittest":
            if selection:
                names = place / "selection.json"
                names.write_text(json.dumps(list(selection)), "utf-8")
                own["MENDFLOW_SELECTION"] = str(names)
            return [command.start[0], str(INSIDE / "mendflow_unittest.py"), *command.options]
        return list(command.start)

    def _job(self, command: TestCommand, words: list[str], place: Path, own: Mapping[str, str]) -> SandboxJob:
        defaults = plugin_variables(self.workspace, self.python, self.command)
        environment = {**defaults, **self.environment, **command.environment}
        plugins = [environment.get("PYTEST_PLUGINS", ""), "mendflow_pytest_report"]
        own_path = os.pathsep.join([str(Path(self.python).parent), os.environ.get("PATH", os.defpath)])
        return SandboxJob(
            words,
            cwd=self.workspace,
            writable=[self.workspace, place],
            readable=[*interpreter_folders(self.python), INSIDE],
            environment={
                "PATH": own_path,
                "NO_COLOR": "1",
                "PY_COLORS": "0",
                **environment,
                "PYTHONPATH": self._import_path(environment.get("PYTHONPATH", "")),
                "PYTEST_PLUGINS": ",".join(name for name in plugins if name),
                "MENDFLOW_TEST_SECONDS": f"{self.limits.wall_s * _SHARE_OF_ONE_TEST:g}",
                **own,
            },
            limits=self.limits,
        )

    def _import_path(self, given: str) -> str:
        """The workspace before everything installed, so that an editable install cannot bring in other code."""
        source = self.workspace / "src"
        folders = [given, str(source) if source.is_dir() else "", str(self.workspace), str(INSIDE)]
        return os.pathsep.join(folder for folder in folders if folder)
