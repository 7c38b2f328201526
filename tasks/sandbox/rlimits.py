"""The fallback where bubblewrap does not work: limits and a clean environment, but the caller's own file access."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from tasks.errors import SandboxError, TestCommandError
from tasks.protocols import SandboxJob, SandboxRun
from tasks.sandbox.environment import scrubbed_environment
from tasks.sandbox.spawn import spawn
from tasks.sandbox.supervise import Contained, run_to_end, watch_in_background
from tasks.sandbox.watch import Watch

_SUPERVISOR = Path(__file__).with_name("supervisor.py")
_START_FAILED = 250
"""Exit code of the supervisor when the command cannot start; the reason is the last line of stderr."""


class Rlimits:
    """Runs jobs below a supervisor that sets limits and ends every descendant."""

    name = "rlimits"

    def __init__(self, *, block_network: bool = False) -> None:
        """`block_network` needs a machine that lets a process leave its network."""
        self.block_network = block_network

    def run(self, job: SandboxJob, stdin: bytes = b"") -> SandboxRun:
        run = run_to_end(self._spawn(job), stdin, job.limits)
        if run.exit_code == _START_FAILED and run.stderr.startswith(b"mendflow-supervisor: "):
            raise TestCommandError(run.stderr.decode("utf-8", "replace").removeprefix("mendflow-supervisor: ").strip())
        return run

    def start(self, job: SandboxJob) -> subprocess.Popen[bytes]:
        contained = self._spawn(job)
        watch_in_background(contained, job.limits)
        return contained.popen

    def _spawn(self, job: SandboxJob) -> Contained:
        for folder in (job.cwd, *job.writable):
            if not folder.is_dir():
                raise SandboxError(f"cannot share {str(folder)!r} with the sandbox: no such folder")
        home = Path(tempfile.mkdtemp(prefix="mendflow-home-"))
        read, write = os.pipe()
        try:
            orders = json.dumps(self._orders(job, home)) + "\n"
            popen = spawn([sys.executable, "-I", "-S", str(_SUPERVISOR), str(read)], pass_fds=[read])
            with suppress(BrokenPipeError):
                _write_all(write, orders.encode())
        except BaseException:
            os.close(write)
            shutil.rmtree(home, ignore_errors=True)
            raise
        finally:
            os.close(read)
        return Contained(popen, Watch(popen.pid, job.limits, [*job.writable, home]), _Kill(popen, write, home))

    def _orders(self, job: SandboxJob, home: Path) -> dict[str, object]:
        return {
            "command": list(job.command),
            "cwd": str(job.cwd),
            "environment": scrubbed_environment(job.environment, home=str(home), temporary=str(home)),
            "limits": asdict(job.limits),
            "block_network": self.block_network,
        }


class _Kill:
    """Tells the supervisor to end all its descendants, ends those that it left, and removes the private home."""

    def __init__(self, popen: subprocess.Popen[bytes], control: int, home: Path) -> None:
        self._popen = popen
        self._control = control
        self._home = home

    def __call__(self) -> None:
        if self._control < 0:
            return
        os.close(self._control)
        self._control = -1
        self._popen.send_signal(signal.SIGCONT)  # the command may have stopped it
        try:
            self._popen.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._popen.kill()
        if self._popen.wait() < 0:
            self._end_orphans()
        shutil.rmtree(self._home, ignore_errors=True)

    def _end_orphans(self) -> None:
        """When the command killed the supervisor: what it left is known by the private home in its variables."""
        mark = os.fsencode(self._home)
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if mark in (process / "environ").read_bytes():
                    os.kill(int(process.name), signal.SIGKILL)


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
