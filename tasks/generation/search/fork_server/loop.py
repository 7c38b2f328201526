"""Two ways of serving: `collected` swaps code in one collection, `fresh` imports everything anew in each fork."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from . import fresh
from .channel import Channel
from .collected import Collected


class Serve:
    """A pytest plugin: the run loop of the session answers requests instead of running the tests."""

    def __init__(self, channel: Channel, root: str) -> None:
        self.channel = channel
        self.root = root

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        collected = Collected(session, self.root, self.channel)
        self.channel.mute()
        self.channel.send({"tests": [item.nodeid for item in session.items]})
        answer(self.channel, collected.commands())
        # The forks are gone and nothing of this process is worth a report.
        os._exit(0)


def answer(channel: Channel, commands: dict[str, Callable[[dict[str, Any]], dict[str, Any]]]) -> None:
    while True:
        request = channel.receive()
        if request is None:
            return
        channel.send(commands[request["command"]](request))


def prepare_path(root: str) -> None:
    """What `python -m pytest` would see, with a `src` folder in front of an installed copy of the package."""
    sys.path[0] = root
    source = Path(root, "src")
    if source.is_dir():
        sys.path.insert(0, str(source))


def main() -> None:
    channel = Channel()
    setup = channel.receive()
    if setup is None:
        return
    root = os.path.realpath(setup["root"])
    os.chdir(root)
    prepare_path(root)
    arguments = [*setup["arguments"], *fresh.quiet_arguments()]
    if setup["mode"] == "fresh":
        server = fresh.FreshRuns(channel, root, arguments)
        channel.mute()
        channel.send({"tests": []})
        answer(channel, server.commands())
        return
    code = pytest.main(arguments, plugins=[Serve(channel, root)])
    channel.send({"error": f"pytest ended with {int(code)} before any test could run", "output": channel.output_tail()})
