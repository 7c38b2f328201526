"""Where the log lines of our packages go, and how much they say."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

from tasks.settings import Settings

PACKAGES = ("flows", "tasks", "blocks", "deployments", "analytics")
PIPELINE = "tasks"
PLAIN = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
DETAILED = "%(asctime)s.%(msecs)03d %(levelname)-7s %(process)d %(name)s:%(lineno)d %(funcName)s: %(message)s"

_ESCAPES = {code: f"\\x{code:02x}" for code in (*range(32), 127, *range(128, 160)) if chr(code) != "\t"}
_ESCAPES |= {ord("\n"): "\\n", ord("\r"): "\\r", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def configure_logging(settings: Settings) -> None:
    """Send the lines of our packages to stderr at `logging.level`; calling it again replaces what it did before.

    `logging.unified_code_generation` lets the pipeline's lines below INFO through and gives every line its process,
    line number and function. Other packages' loggers are left alone.
    """
    detailed = settings.logging.unified_code_generation
    handler = _StderrHandler()
    handler.setFormatter(_OneLineFormatter(DETAILED if detailed else PLAIN, datefmt="%H:%M:%S"))
    level = logging.getLevelNamesMapping()[settings.logging.level]
    for name in PACKAGES:
        logger = logging.getLogger(name)
        for earlier in [h for h in logger.handlers if isinstance(h, _StderrHandler)]:
            logger.removeHandler(earlier)
        logger.addHandler(handler)
        logger.setLevel(level)
        # Prefect gives the root logger a handler of its own, which would print each line a second time.
        logger.propagate = False
    logging.getLogger(PIPELINE).setLevel(level if detailed else max(level, logging.INFO))


class _StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to what `sys.stderr` is when the line comes, so that a redirection holds."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, value: TextIO) -> None:
        raise AttributeError("the stream is always sys.stderr")


class _OneLineFormatter(logging.Formatter):
    """Escapes control characters: a message may quote an alert, whose text must not forge lines or drive a terminal."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = record.message.translate(_ESCAPES)
        return super().formatMessage(record)
