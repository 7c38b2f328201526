"""Progress of a run on stderr: one line a step, in place of Prefect's own log lines."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

QUIET = logging.CRITICAL
"""Prefect logs each failure with its traceback; the command says it in one line, and the run's log keeps the rest."""


class ProgressHandler(logging.Handler):
    """Prints the records that steps mark with `stage`."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.console = Console(stderr=True, highlight=False, soft_wrap=True)

    def emit(self, record: logging.LogRecord) -> None:
        if stage := getattr(record, "stage", None):
            self.console.print(f"[bold cyan]{stage:<12}[/] ", end="")
            self.console.print(record.getMessage(), markup=False)


@contextmanager
def show_progress(*, verbose: bool = False) -> Iterator[None]:
    """While the block runs, steps report to stderr and Prefect's console stays quiet.

    Enter it after Prefect is imported: that is when its console handler is made.
    """
    from prefect.logging.handlers import PrefectConsoleHandler

    steps = [logging.getLogger(name) for name in ("prefect.flow_runs", "prefect.task_runs")]
    known = [logging.getLogger(), *(logging.getLogger(name) for name in ("prefect", *(step.name for step in steps)))]
    consoles = [each for logger in known for each in logger.handlers if isinstance(each, PrefectConsoleHandler)]
    levels = [console.level for console in consoles]
    handler = ProgressHandler()
    for console in consoles:
        console.setLevel(logging.NOTSET if verbose else QUIET)
    for logger in steps:
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in steps:
            logger.removeHandler(handler)
        for console, level in zip(consoles, levels, strict=True):
            console.setLevel(level)
