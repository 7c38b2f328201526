"""JSON lines over descriptors of their own, so that what tests print cannot disturb the protocol."""

from __future__ import annotations

import json
import os
import resource
import tempfile
from typing import Any


class Channel:
    """Takes over stdin and stdout; the process's own output goes to a scratch file, later nowhere."""

    def __init__(self) -> None:
        self._requests = os.fdopen(os.dup(0), "rb")
        self._replies = os.fdopen(os.dup(1), "wb")
        self._scratch = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        for descriptor in (1, 2):
            os.dup2(self._scratch.fileno(), descriptor)

    def receive(self) -> dict[str, Any] | None:
        """The next request; None when the caller has gone."""
        line = self._requests.readline()
        return json.loads(line) if line else None

    def send(self, reply: dict[str, Any]) -> None:
        reply["cpu_s"] = cpu_seconds()
        self._replies.write(json.dumps(reply).encode() + b"\n")
        self._replies.flush()

    def output_tail(self, size: int = 2000) -> str:
        end = self._scratch.seek(0, os.SEEK_END)
        self._scratch.seek(max(0, end - size))
        text = self._scratch.read().decode("utf-8", "replace")
        self._scratch.seek(0, os.SEEK_END)
        return text

    def mute(self) -> None:
        """Throw away what is printed from now on."""
        null = os.open(os.devnull, os.O_WRONLY)
        for descriptor in (1, 2):
            os.dup2(null, descriptor)
        os.close(null)

    def close_in_child(self) -> None:
        """A fork must never answer in its parent's place."""
        os.close(self._requests.fileno())
        os.close(self._replies.fileno())


def cpu_seconds() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
