from __future__ import annotations

import logging

import pytest

from tasks.logs import PACKAGES, configure_logging
from tasks.settings import LoggingSettings, Settings


@pytest.fixture(autouse=True)
def restored_loggers():
    before = [(logging.getLogger(n), logging.getLogger(n).level, logging.getLogger(n).propagate) for n in PACKAGES]
    handlers = [list(logger.handlers) for logger, _, _ in before]
    yield
    for (logger, level, propagate), kept in zip(before, handlers, strict=True):
        logger.handlers[:] = kept
        logger.setLevel(level)
        logger.propagate = propagate


def configure(level: str = "INFO", *, detailed: bool = False) -> None:
    configure_logging(Settings(logging=LoggingSettings(level=level, unified_code_generation=detailed)))


def test_lines_go_to_stderr_once_however_often_it_is_configured(capsys):
    configure()
    configure()
    logging.getLogger("tasks.generation").info("chose codemod MF101")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("chose codemod MF101") == 1


def test_lines_below_the_level_are_left_out(capsys):
    configure("WARNING")
    logging.getLogger("flows.learn").info("quiet")
    logging.getLogger("flows.learn").warning("loud")
    assert "quiet" not in (err := capsys.readouterr().err)
    assert "loud" in err


def test_debug_level_alone_keeps_the_details_of_the_pipeline_out(capsys):
    configure("DEBUG")
    logging.getLogger("tasks.generation.search").debug("tried operator")
    logging.getLogger("analytics.fold").debug("read segment")
    err = capsys.readouterr().err
    assert "tried operator" not in err
    assert "read segment" in err


def test_debug_mode_shows_the_details_of_the_pipeline_with_their_place(capsys):
    configure("DEBUG", detailed=True)
    logging.getLogger("tasks.generation.search").debug("tried operator")
    err = capsys.readouterr().err
    assert "tried operator" in err
    assert "test_debug_mode_shows_the_details_of_the_pipeline_with_their_place" in err


def test_text_of_strangers_cannot_forge_a_line_or_drive_the_terminal(capsys):
    configure()
    logging.getLogger("tasks.context").info("alert %s", "down\n12:00:00 INFO flows: all fixed\x1b[2J\u2028x")
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "\x1b" not in err
    assert r"down\n12:00:00 INFO flows: all fixed\x1b[2J\u2028x" in err


def test_traceback_keeps_its_lines(capsys):
    configure()
    try:
        raise KeyError("user")
    except KeyError:
        logging.getLogger("tasks.context").exception("could not read")
    assert "\nTraceback" in capsys.readouterr().err


def test_loggers_of_others_are_left_alone(capsys):
    configure("DEBUG", detailed=True)
    logging.getLogger("urllib3.connectionpool").info("GET /")
    assert "GET /" not in capsys.readouterr().err
