"""The other end of the fork server: a process in the sandbox that answers JSON lines."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from tasks.protocols import Sandbox, SandboxJob, SandboxLimits

_PROGRAM = Path(__file__).parent / "fork_server"
_MEMORY_BYTES = 1024**3


class ServerLost(Exception):
    """The server ended or did not answer in time; what it last wrote is the message."""


class ForkServer:
    """One server on one folder; a context manager that leaves no process behind."""

    def __init__(
        self,
        sandbox: Sandbox,
        root: Path,
        python: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        mode: Literal["collected", "fresh"],
        limit_s: float,
    ) -> None:
        self.cpu_s = 0.0
        self._turn = threading.Lock()
        self._process = sandbox.start(_job(root, python, environment, limit_s))
        self._buffer = b""
        self._selector = selectors.DefaultSelector()
        assert self._process.stdout is not None
        os.set_blocking(self._process.stdout.fileno(), False)
        self._selector.register(self._process.stdout, selectors.EVENT_READ)
        self._setup = {"root": str(root), "arguments": list(arguments), "mode": mode}

    def collect(self, limit_s: float) -> list[str]:
        """Node ids in the order of the session; call it first, once."""
        reply = self._exchange(self._setup, limit_s)
        if "error" in reply:
            raise ServerLost(f"{reply['error']}: {reply['output'][-400:].strip()}")
        return list(reply["tests"])

    def request(self, command: str, limit_s: float, **fields: Any) -> dict[str, Any]:
        return self._exchange({"command": command, "memory_bytes": _MEMORY_BYTES, **fields}, limit_s)

    def _exchange(self, message: Mapping[str, Any], limit_s: float) -> dict[str, Any]:
        assert self._process.stdin is not None
        with self._turn:
            try:
                self._process.stdin.write(json.dumps(message).encode() + b"\n")
                self._process.stdin.flush()
            except OSError as error:
                raise ServerLost(self._last_words()) from error
            reply: dict[str, Any] = json.loads(self._read_line(time.monotonic() + limit_s))
        self.cpu_s = reply["cpu_s"]
        return reply

    def _read_line(self, deadline: float) -> bytes:
        assert self._process.stdout is not None
        while b"\n" not in self._buffer:
            if not self._selector.select(max(0.0, deadline - time.monotonic())):
                raise ServerLost("the fork server did not answer in time")
            chunk = os.read(self._process.stdout.fileno(), 1 << 20)
            if not chunk:
                raise ServerLost(self._last_words())
            self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line

    def _last_words(self) -> str:
        assert self._process.stderr is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        os.set_blocking(self._process.stderr.fileno(), False)
        said = self._process.stderr.read() or b""
        return "the fork server ended: " + said.decode("utf-8", "replace")[-400:].strip()

    def close(self) -> None:
        """End the server and everything that it started."""
        self._selector.close()
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.wait()

    def __enter__(self) -> ForkServer:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _job(root: Path, python: str, environment: Mapping[str, str], limit_s: float) -> SandboxJob:
    return SandboxJob(
        command=(python, str(_PROGRAM)),
        cwd=root,
        writable=(root,),
        readable=(_PROGRAM,),
        environment={**environment, "PYTHONHASHSEED": "0"},
        limits=SandboxLimits(wall_s=limit_s, cpu_s=4 * limit_s, memory_bytes=4 * 1024**3),
    )
