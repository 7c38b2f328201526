"""Reports of the same fault mask to the same text; look-alikes of another fault do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.context.incident import MASK_VERSION, incident_from_context, masked

SAME = [
    ("timeout after 30.2s at 2026-11-20T08:00:00Z", "timeout after 31s at 2026-11-21T09:30:00.123+01:00"),
    ("request 8c5f1f0e-7b1a-4b7e-9f3a-0a1b2c3d4e5f failed", "request 0c5f1f0e-7b1a-4b7e-9f3a-0a1b2c3d4eff failed"),
    ("pod checkout-7d9f8b6c54-xkp2q restarted 3 times", "pod checkout-5c6d7e8f90-abcde restarted 14 times"),
    ("no route to 10.0.0.12", "no route to 192.168.7.1"),
    ("<User object at 0x7f3a9c0d> lost", "<User object at 0x10a4f3b20> lost"),
    ('File "app.py", line 12, in run', 'File "app.py", line 48, in run'),
    ("app/db.py:12 broke", "app/db.py:480 broke"),
    ("memory at 91.5% of 4GiB", "memory at 99% of 8GiB"),
    ("mail to ann@example.org bounced", "mail to bob@example.com bounced"),
    ("build 3f2c1a9d0b failed", "build 0a1b2c3d4e failed"),
    ("worker-12 died on shard_3", "worker-7 died on shard_41"),
    ("[Fri, 20 Nov 2026 08:00:00] crash", "[Sat, 21 Nov 2026 17:12:09] crash"),
    ("order '8c5f1f0e-7b1a-4b7e-9f3a-0a1b2c3d4e5f' lost", "order '0c5f1f0e-7b1a-4b7e-9f3a-0a1b2c3d4eff' lost"),
]
DIFFERENT = [
    ("HTTP 500 from upstream", "HTTP 404 from upstream"),
    ("status code: 502", "status code: 503"),
    ("404 Not Found", "500 Internal Server Error"),
    ("SQLSTATE 40001", "SQLSTATE 23505"),
    ("SQLSTATE[23505]: duplicate", "SQLSTATE[40P01]: duplicate"),
    ("[Errno 2] no such file", "[Errno 13] no such file"),
    ("exit code 137", "exit code 1"),
    ("affected by CVE-2024-3094", "affected by CVE-2021-44228"),
    ("cannot reach db:5432", "cannot reach db:6379"),
    ("port 80 refused", "port 443 refused"),
    ("KeyError: 'user_id'", "KeyError: 'order_id'"),
    ('relation "users" does not exist', 'relation "orders" does not exist'),
    ("TypeError: int + str", "TypeError: int + list"),
    ("digest sha1 refused", "digest sha256 refused"),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_masks_what_changes_from_report_to_report(first: str, second: str) -> None:
    assert masked(first) == masked(second)


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_keeps_what_tells_faults_apart(first: str, second: str) -> None:
    assert masked(first) != masked(second)


@given(st.text())
def test_masks_any_text(text: str) -> None:
    assert masked(text) == masked(text)


def test_says_its_version_in_the_fingerprint() -> None:
    assert incident_from_context({"description": "x"}).fingerprint.startswith(f"m{MASK_VERSION}-")


def test_looks_at_the_exception_rather_than_at_the_words_around_it() -> None:
    def fingerprint(description: str, line: int, function: str = "load") -> str:
        trace = (
            f'Traceback (most recent call last):\n  File "/srv/{line}/db.py", line {line}, in {function}\nKeyError: 1\n'
        )
        return incident_from_context({"description": description, "stack_trace": trace}).fingerprint

    assert fingerprint("seen by Ann", 3) == fingerprint("seen by Bob, on another host", 4)
    assert fingerprint("seen by Ann", 3) != fingerprint("seen by Ann", 3, function="save")
