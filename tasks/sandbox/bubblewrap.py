"""Isolation by bubblewrap: namespaces of its own, no capabilities, no network, a bare file system."""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from io import FileIO

from tasks.errors import SandboxError, TestCommandError
from tasks.protocols import SandboxJob, SandboxLimits, SandboxRun
from tasks.sandbox.environment import scrubbed_environment
from tasks.sandbox.mounts import PRIVATE_HOME, mount_arguments
from tasks.sandbox.spawn import spawn
from tasks.sandbox.supervise import Contained, run_to_end, watch_in_background
from tasks.sandbox.watch import Watch

_USER = "1000"
_ISOLATION = (
    *("--unshare-all", "--unshare-user", "--disable-userns", "--uid", _USER, "--gid", _USER, "--cap-drop", "ALL"),
    *("--die-with-parent", "--new-session", "--hostname", "sandbox", "--clearenv"),
)
_PASSWD = f"mendflow:x:{_USER}:{_USER}::{PRIVATE_HOME}:/bin/sh\nroot:x:0:0::/:/bin/sh\n"
_GROUP = f"mendflow:x:{_USER}:\nroot:x:0:\n"


class Bubblewrap:
    """Runs jobs in bubblewrap."""

    name = "bubblewrap"

    def __init__(self, *, proc: bool = True) -> None:
        """Without `proc` there is no /proc inside: some containers forbid to mount one."""
        self._proc = proc

    def run(self, job: SandboxJob, stdin: bytes = b"") -> SandboxRun:
        with ExitStack() as stack:
            status_read, status_write = _pipe(stack)
            contained = self._spawn(job, ["--json-status-fd", str(status_write.fileno())], [status_write.fileno()])
            status_write.close()
            run = run_to_end(contained, stdin, job.limits)
            if run.ended_by == "exit" and b'"exit-code"' not in status_read.read():
                raise _start_error(job, run.stderr)
            return run

    def start(self, job: SandboxJob) -> subprocess.Popen[bytes]:
        contained = self._spawn(job, [], [])
        watch_in_background(contained, job.limits)
        return contained.popen

    def _spawn(self, job: SandboxJob, options: Sequence[str], handles: Sequence[int]) -> Contained:
        """Start bwrap, set the limits while it waits, then let the command run."""
        with ExitStack() as stack:
            info_read, info_write = _pipe(stack)
            block_read, block_write = _pipe(stack)
            passwd, group = (_memory_file(stack, text) for text in (_PASSWD, _GROUP))
            arguments = [*_ISOLATION, "--info-fd", str(info_write.fileno()), "--block-fd", str(block_read.fileno())]
            arguments += [*options, *_environment(job)]
            arguments += mount_arguments(job, proc=self._proc, generated={"/etc/passwd": passwd, "/etc/group": group})
            arguments += ["--chdir", str(job.cwd)]
            listed = _memory_file(stack, "".join(f"{argument}\0" for argument in arguments))
            shared = [info_write.fileno(), block_read.fileno(), passwd, group, listed, *handles]
            popen = spawn(["bwrap", "--args", str(listed), "--", *job.command], pass_fds=shared)
            info_write.close()
            block_read.close()
            child_pid = _read_child_pid(info_read)
            if child_pid is None:
                raise _start_error(job, popen.communicate()[1])
            contained = Contained(popen, Watch(child_pid, job.limits, job.writable), _Kill(child_pid, popen))
            try:
                _set_limits(child_pid, job.limits)
                block_write.write(b"\n")
            except BaseException:
                contained.kill()
                raise
            return contained


def _environment(job: SandboxJob) -> list[str]:
    """As options, since a variable of the job such as LD_PRELOAD must not reach bwrap itself."""
    variables = scrubbed_environment(job.environment, home=PRIVATE_HOME, temporary="/tmp")
    return [part for name, value in variables.items() for part in ("--setenv", name, value)]


def _set_limits(pid: int, limits: SandboxLimits) -> None:
    """Inside the new user namespace RLIMIT_NPROC counts this sandbox's threads alone (Linux 5.14 and later)."""
    bounds = {
        resource.RLIMIT_AS: limits.memory_bytes,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 4 * limits.processes,
    }
    for kind, bound in bounds.items():
        _lower(pid, kind, bound, bound)
    seconds = max(1, round(limits.cpu_s))
    _lower(pid, resource.RLIMIT_CPU, seconds, seconds + 1)


def _lower(pid: int, kind: int, soft: int, hard: int) -> None:
    _, ceiling = resource.prlimit(pid, kind)
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.prlimit(pid, kind, (soft, hard))


class _Kill:
    """Ends PID 1 of the namespace, and with it every process in there.

    bwrap itself returns as soon as the command has, so PID 1 is waited for: it goes last.
    """

    def __init__(self, child_pid: int, popen: subprocess.Popen[bytes]) -> None:
        self._child_handle = os.pidfd_open(child_pid)
        self._popen = popen

    def __call__(self) -> None:
        if self._child_handle < 0:
            return
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._child_handle, signal.SIGKILL)
        gone = select.poll()
        gone.register(self._child_handle, select.POLLIN)
        gone.poll()
        self._popen.wait()
        os.close(self._child_handle)
        self._child_handle = -1


def _pipe(stack: ExitStack) -> tuple[FileIO, FileIO]:
    read, write = os.pipe()
    return stack.enter_context(FileIO(read, "r")), stack.enter_context(FileIO(write, "w"))


def _memory_file(stack: ExitStack, text: str) -> int:
    file = stack.enter_context(FileIO(os.memfd_create("mendflow"), "r+"))
    file.write(text.encode("utf-8", "surrogateescape"))
    file.seek(0)
    return file.fileno()


def _read_child_pid(info: FileIO) -> int | None:
    """PID 1 of the sandbox as the host numbers it; None when bwrap gave up before it was there."""
    text = b""
    while b"}" not in text:
        part = info.read(4096)
        if not part:
            return None
        text += part
    return int(json.loads(text)["child-pid"])


def _start_error(job: SandboxJob, stderr: bytes) -> SandboxError | TestCommandError:
    lines = stderr.decode("utf-8", "replace").strip().splitlines() or ["bwrap gave no reason"]
    reason = lines[-1].removeprefix("bwrap: ")
    if reason.startswith("execvp"):
        return TestCommandError(f"cannot start {job.command[0]!r} in the sandbox: {reason.rpartition(': ')[2]}")
    return SandboxError(f"bubblewrap could not set up the sandbox: {reason}")
