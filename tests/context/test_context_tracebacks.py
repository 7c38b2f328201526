"""From the text of a stack trace, as incidents bring it, to the function at fault."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tasks.context.incident import read_incident
from tasks.context.manager import WorkflowContextManager

STORE = """import asyncio


class Store:
    def load(self, key):
        return self.rows[key]

    async def refresh(self, key):
        await asyncio.sleep(0)
        return self.load(key)


def open_store(path):
    try:
        return Store().load(path)
    except KeyError as error:
        raise RuntimeError("cannot open") from error
"""
CONTAINER = """Traceback (most recent call last):
  File "/usr/local/lib/python3.11/site-packages/gunicorn/workers/sync.py", line 135, in handle
    self.handle_request(listener, req, client, addr)
  File "/srv/app/src/shop/store.py", line 6, in load
    return self.rows[key]
           ~~~~~~~~~^^^^^
KeyError: 'k'
"""
INSTALLED = """Traceback (most recent call last):
  File "/opt/venv/lib/python3.12/site-packages/shop/store.py", line 6, in load
    return self.rows[key]
  File "/opt/venv/lib/python3.12/site-packages/other/rows.py", line 9, in __getitem__
    raise KeyError(key)
KeyError: 'k'
"""
CHAINED = """Traceback (most recent call last):
  File "/srv/app/src/shop/store.py", line 15, in open_store
    return Store().load(path)
  File "/srv/app/src/shop/store.py", line 6, in load
    return self.rows[key]
KeyError: 'k'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/srv/app/src/shop/store.py", line 17, in open_store
    raise RuntimeError("cannot open") from error
RuntimeError: cannot open
"""
ASYNC = """Task exception was never retrieved
future: <Task finished name='Task-2' coro=<Store.refresh() done, defined at /srv/shop/store.py:8>>
Traceback (most recent call last):
  File "/usr/lib/python3.11/asyncio/tasks.py", line 277, in __step
    result = coro.send(None)
  File "/srv/shop/store.py", line 10, in refresh
    return self.load(key)
  File "/srv/shop/store.py", line 6, in load
    return self.rows[key]
KeyError: 'k'
"""
PYTEST = """=================================== FAILURES ===================================
__________________________________ test_load ___________________________________

    def test_load():
>       assert Store().load("k") == 1

tests/test_store.py:5:
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _

    def load(self, key):
>       return self.rows[key]
E       KeyError: 'k'

src/shop/store.py:6: KeyError
"""
WINDOWS = """Traceback (most recent call last):
  File "C:\\\\build\\\\agent\\\\src\\\\shop\\\\store.py", line 6, in load
    return self.rows[key]
KeyError: 'k'
""".replace("\\\\", "\\")
OLDER = """Traceback (most recent call last):
  File "/srv/app/src/shop/store.py", line 31, in load
    return self.rows[key]
KeyError: 'k'
"""
IN_LOGS = "\n".join(f"2026-01-01T00:00:00Z app-1 | {line}" for line in CONTAINER.splitlines())


@pytest.mark.parametrize(
    "text", [CONTAINER, INSTALLED, CHAINED, ASYNC, PYTEST, WINDOWS, OLDER], ids=lambda text: text.splitlines()[-2][-30:]
)
def test_every_kind_of_trace_leads_to_the_raising_function(tmp_path: Path, text: str) -> None:
    assert first_suspect(tmp_path, stack_trace=text) == ("src/shop/store.py", "Store.load", 6)


def test_a_trace_inside_prefixed_log_lines_is_found(tmp_path: Path) -> None:
    assert first_suspect(tmp_path, logs=IN_LOGS) == ("src/shop/store.py", "Store.load", 6)


def first_suspect(root: Path, **report: str) -> tuple[str, str | None, int | None]:
    repository = root / "repo"
    (repository / "src/shop").mkdir(parents=True)
    (repository / "src/shop/__init__.py").write_text("")
    (repository / "src/shop/store.py").write_text(STORE)
    (root / "incident.json").write_text(json.dumps({"title": "Store fails", **report}))
    incident = read_incident(root / "incident.json")
    found = WorkflowContextManager(None).build(incident, repository).suspects[0]
    return found.path, found.function, found.line
