from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tasks.errors import SandboxError
from tasks.protocols import Sandbox, SandboxJob, SandboxLimits, SandboxRun
from tasks.sandbox import choose_sandbox

LIMITS = SandboxLimits(
    wall_s=20,
    cpu_s=20,
    memory_bytes=256 * 1024**2,
    total_memory_bytes=400 * 1024**2,
    processes=40,
    output_bytes=256 * 1024,
    file_bytes=16 * 1024**2,
    disk_bytes=64 * 1024**2,
)

Attack = Callable[..., SandboxRun]


@pytest.fixture
def bubblewrap() -> Sandbox:
    try:
        return choose_sandbox("bubblewrap")
    except SandboxError as error:
        pytest.skip(str(error))


@pytest.fixture(params=["bubblewrap", "rlimits"])
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    if request.param == "bubblewrap":
        return request.getfixturevalue("bubblewrap")
    return choose_sandbox("rlimits")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder


@pytest.fixture
def attack(sandbox: Sandbox, workspace: Path) -> Attack:
    """Runs Python source in the sandbox with `workspace` writable; keywords change the limits."""

    def run(source: str, **limits: float) -> SandboxRun:
        command = [sys.executable, "-I", "-S", "-c", textwrap.dedent(source)]
        job = SandboxJob(command, cwd=workspace, writable=[workspace], limits=replace(LIMITS, **limits))
        return sandbox.run(job)

    return run


@pytest.fixture
def isolated_attack(bubblewrap: Sandbox, workspace: Path) -> Attack:
    """As `attack`, for what only bubblewrap withstands."""

    def run(source: str, **environment: str) -> SandboxRun:
        command = [sys.executable, "-I", "-S", "-c", textwrap.dedent(source)]
        job = SandboxJob(command, cwd=workspace, writable=[workspace], environment=environment, limits=LIMITS)
        return bubblewrap.run(job)

    return run
