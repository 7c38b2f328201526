from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from tasks.context.stacktrace import parse_stack_traces
from tasks.generation.crash.project import Project
from tasks.generation.reproduction.target import FULL_LIKENESS, find_target, match_path
from tasks.generation.trial import Frame, Observed
from tasks.models import Incident

PATHS = ("app/main.py", "app/db.py", "worker/main.py", "tools.py")


@pytest.mark.parametrize(
    ("reported", "expected"),
    [
        ("/srv/app/db.py", "app/db.py"),
        ("/usr/src/worker/main.py", "worker/main.py"),
        ("C:\\service\\app\\main.py", "app/main.py"),
        ("/code/tools.py", "tools.py"),
        ("/code/other.py", None),
        ("/usr/local/lib/python3.11/site-packages/app/db.py", None),
        ("/usr/local/lib/python3.11/json/tools.py", None),
        ("<string>", None),
    ],
)
def test_path_matches_by_longest_tail(reported: str, expected: str | None) -> None:
    assert match_path(reported, PATHS) == expected


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "service.py").write_text(
        textwrap.dedent(
            """
            def show(job):
                return job.last_eror


            def run(job):
                return show(job)
            """
        )
    )
    return Project(tmp_path, ("service.py",), ())


TRACE = """Traceback (most recent call last):
  File "/app/service.py", line 7, in run
    return show(job)
  File "/app/service.py", line 3, in show
    return job.last_eror
AttributeError: 'Job' object has no attribute 'last_eror'. Did you mean: 'last_error'?
"""


def observed(*functions: str, line: int = 3, message: str = "'Job' object has no attribute 'last_eror'") -> Observed:
    frames = tuple(Frame("service.py", line, function) for function in functions)
    return Observed("AttributeError", message, frames)


def test_likeness_asks_for_type_function_line_and_caller(project: Project) -> None:
    target = find_target(Incident(id="i", title="t", exceptions=parse_stack_traces(TRACE)), project)
    assert target is not None
    assert target.raising.function.name == "show"
    assert target.likeness(observed("run", "show")) > FULL_LIKENESS
    assert 0 < target.likeness(observed("show")) < FULL_LIKENESS
    assert target.likeness(observed("run", "show", line=7)) == 0
    assert target.likeness(observed("run", "show", message="'Job' object has no attribute 'x'")) == 0
    assert target.likeness(observed("run")) == 0
    assert target.likeness(None) == 0


def test_no_target_outside_the_repository(project: Project) -> None:
    foreign = TRACE.replace("/app/service.py", "/app/elsewhere.py")
    assert find_target(Incident(id="i", title="t", exceptions=parse_stack_traces(foreign)), project) is None
