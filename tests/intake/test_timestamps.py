"""Times as senders write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.context.timestamps import parse_time

EIGHT = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-20T08:00:00Z",
        "2026-11-20T08:00:00.000000000Z",
        "2026-11-20T09:00:00+01:00",
        "2026-11-20 08:00:00",
        " 2026-11-20T08:00:00.0Z ",
        datetime(2026, 11, 20, 8),
        1795161600,
        "1795161600",
        1795161600000,
        "1795161600000",
        1795161600.0,
    ],
)
def test_reads_the_same_moment_in_any_form(value: object) -> None:
    assert parse_time(value) == EIGHT


def test_reads_a_date() -> None:
    assert parse_time(date(2026, 11, 20)) == EIGHT.replace(hour=0)


@pytest.mark.parametrize(
    "value", [None, "", 0, "0", True, "0001-01-01T00:00:00Z", "soon", [], {}, 10**40, "9" * 60, -5]
)
def test_takes_placeholders_and_nonsense_for_no_time(value: object) -> None:
    assert parse_time(value) is None


@given(st.text() | st.floats() | st.integers() | st.datetimes(timezones=st.timezones()))
def test_reads_or_gives_up_on_anything(value: object) -> None:
    moment = parse_time(value)
    assert moment is None or moment.tzinfo is UTC
