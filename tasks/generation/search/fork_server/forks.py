"""One piece of work in a forked child, with its limits and without a trace afterwards."""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .channel import Channel


def limit_memory(size_bytes: int) -> None:
    """Let this process grow by `size_bytes` from what it maps now."""
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = mapped + size_bytes
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


def start(work: Callable[[int], None], channel: Channel, memory_bytes: int) -> tuple[int, int]:
    """Process id and the reading end of a pipe on which `work` may write."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    status = 1
    try:
        os.setpgid(0, 0)
        os.close(reading)
        channel.close_in_child()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        limit_memory(memory_bytes)
        work(writing)
        status = 0
    finally:
        # No exit handlers, no flushing of inherited buffers: the parent's state is not this process's to close.
        os._exit(status)


def read_until(reading: int, process: int, deadline: float) -> bytes:
    """What the child wrote up to its end or the deadline (monotonic seconds)."""
    chunks = []
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        ready, _, _ = select.select([reading], [], [], min(left, 0.5))
        if ready:
            chunk = os.read(reading, 1 << 16)
            if not chunk:
                break
            chunks.append(chunk)
        elif os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            break
    return b"".join(chunks)


def end(process: int, reading: int) -> int:
    """Kill the child's whole group and return its wait status."""
    try:
        os.killpg(process, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        pass
    os.close(reading)
    return os.waitpid(process, 0)[1]


def call(work: Callable[[], Any], seconds: float, channel: Channel, memory_bytes: int) -> Any:
    """The JSON value of `work()` in a child; None when it crashed or ran out of time."""

    def write_result(writing: int) -> None:
        raw = json.dumps(work()).encode()
        while raw:
            raw = raw[os.write(writing, raw) :]

    process, reading = start(write_result, channel, memory_bytes)
    raw = read_until(reading, process, time.monotonic() + seconds)
    end(process, reading)
    try:
        return json.loads(raw)
    except ValueError:
        return None
