from __future__ import annotations

from tasks.generation.reproduction.clues import clues_of, message_values
from tasks.models import ExceptionInfo, Incident


def test_message_of_a_key_error_is_the_key() -> None:
    assert next(iter(message_values("'note'"))) == "note"


def test_message_shows_quoted_text_and_numbers() -> None:
    values = list(message_values("invalid literal for int() with base 10: '12 '"))
    assert "12 " in values
    assert 10 in values


def test_log_lines_show_documents_fields_and_paths() -> None:
    logs = 'POST /orders/77?currency=usd\nbody={"id": "e1", "metadata": {}}\nline=[1, 2] host=db-2\nform={\'a\': None}'
    clues = clues_of(Incident(id="i", title="t", logs=logs))
    for expected in ({"id": "e1", "metadata": {}}, 77, "usd", [1, 2], "db-2", {"a": None}):
        assert expected in clues


def test_exceptions_come_first_and_nothing_twice() -> None:
    incident = Incident(
        id="i", title="KeyError: 'x'", logs="key='x'", exceptions=(ExceptionInfo(type="KeyError", message="'x'"),)
    )
    clues = clues_of(incident)
    assert clues[0] == "x"
    assert clues.count("x") == 1


def test_text_from_strangers_does_not_harm() -> None:
    nested = "[" * 5000
    assert clues_of(Incident(id="i", title=nested, logs=nested + "'" * 999)) is not None
