"""Feeding, reading and ending one sandboxed process; what both sandboxes have in common."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from tasks.models import EndedBy
from tasks.protocols import SandboxLimits, SandboxRun
from tasks.sandbox.watch import Watch

_TICK_S = 0.02
_CHUNK_BYTES = 64 * 1024
_CPU_LIMIT_EXIT_CODES = (128 + signal.SIGXCPU, -signal.SIGXCPU)
_DRAIN_S = 5.0


@dataclass(frozen=True)
class Contained:
    """A process in its sandbox, and the way to end everything in there and clear up after it."""

    popen: subprocess.Popen[bytes]
    watch: Watch
    kill: Callable[[], None]


def run_to_end(contained: Contained, stdin: bytes, limits: SandboxLimits) -> SandboxRun:
    """Feed `stdin`, gather the output and end the process at the first limit that it hits."""
    started = time.monotonic()
    pipes = _Pipes(contained.popen, stdin, limits.output_bytes)
    ended_by: EndedBy = "exit"
    try:
        while ended_by == "exit" and not (pipes.closed and contained.popen.poll() is not None):
            pipes.pump(_TICK_S)
            ended_by = _limit_hit(contained, pipes, started + limits.wall_s)
    finally:
        contained.kill()
        pipes.drain()
        exit_code = contained.popen.wait()
        pipes.close()
    duration_s = time.monotonic() - started
    if ended_by == "exit" and exit_code in _CPU_LIMIT_EXIT_CODES:
        ended_by = "timeout"
    code = None if ended_by != "exit" else exit_code if exit_code >= 0 else 128 - exit_code
    return SandboxRun(code, bytes(pipes.stdout), bytes(pipes.stderr), duration_s, ended_by)


def _limit_hit(contained: Contained, pipes: _Pipes, deadline: float) -> EndedBy:
    if pipes.overflowed:
        return "output"
    if time.monotonic() >= deadline:
        return "timeout"
    return contained.watch.breach() or "exit"


def watch_in_background(contained: Contained, limits: SandboxLimits) -> None:
    """End a long-lived process at the first limit that it hits; its output is the caller's to read and bound."""

    def guard() -> None:
        deadline = time.monotonic() + limits.wall_s
        while contained.popen.poll() is None:
            if time.monotonic() >= deadline or contained.watch.breach():
                contained.kill()
            time.sleep(_TICK_S)
        contained.kill()

    threading.Thread(target=guard, name="sandbox-watch", daemon=True).start()


class _Pipes:
    """The three standard streams of a process, none of which may block."""

    def __init__(self, popen: subprocess.Popen[bytes], stdin: bytes, limit_bytes: int) -> None:
        assert popen.stdin and popen.stdout and popen.stderr, "the process has pipes on all three streams"
        self.stdout, self.stderr = bytearray(), bytearray()
        self._left = limit_bytes
        self._input = memoryview(stdin)
        self._streams: tuple[IO[bytes], ...] = (popen.stdin, popen.stdout, popen.stderr)
        self._selector = selectors.DefaultSelector()
        for stream in self._streams:
            os.set_blocking(stream.fileno(), False)
        self._selector.register(popen.stdout, selectors.EVENT_READ, self.stdout)
        self._selector.register(popen.stderr, selectors.EVENT_READ, self.stderr)
        if stdin:
            self._selector.register(popen.stdin, selectors.EVENT_WRITE)
        else:
            popen.stdin.close()

    @property
    def closed(self) -> bool:
        return not any(key.events & selectors.EVENT_READ for key in self._selector.get_map().values())

    @property
    def overflowed(self) -> bool:
        return self._left < 0

    def pump(self, wait_s: float) -> bool:
        """Move what is ready; False when nothing was. Without open streams it waits for the process instead."""
        if self.closed:
            time.sleep(min(wait_s, 0.002))
            return False
        ready = self._selector.select(wait_s)
        for key, _ in ready:
            if key.data is None:
                self._write(key.fileobj)  # type: ignore[arg-type]  # only streams were registered
            else:
                self._read(key)
        return bool(ready)

    def _write(self, stream: IO[bytes]) -> None:
        try:
            self._input = self._input[os.write(stream.fileno(), self._input[:_CHUNK_BYTES]) :]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._input = self._input[:0]
        if not self._input:
            self._selector.unregister(stream)
            with suppress(BrokenPipeError):
                stream.close()

    def _read(self, key: selectors.SelectorKey) -> None:
        data = os.read(key.fd, _CHUNK_BYTES)
        if not data:
            self._selector.unregister(key.fileobj)
        key.data.extend(data[: max(self._left, 0)])
        self._left -= len(data)

    def drain(self) -> None:
        """Read what the ended process left in the pipes."""
        deadline = time.monotonic() + _DRAIN_S
        while not self.closed and time.monotonic() < deadline:
            self.pump(_TICK_S)

    def close(self) -> None:
        self._selector.close()
        for stream in self._streams:
            with suppress(BrokenPipeError):
                stream.close()
