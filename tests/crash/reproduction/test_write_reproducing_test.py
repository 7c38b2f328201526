"""From a traceback to a test file that fails as reported."""

from __future__ import annotations

import ast
from collections.abc import Callable

from tasks.generation.reproduction import write_reproducing_test
from tasks.generation.trial import Variant, open_bench
from tasks.models import FileEdit, GenerationTask
from tasks.patches import edit_file
from tasks.protocols import GeneratorTools

MakeTask = Callable[..., GenerationTask]
HOOKS = {
    "conftest.py": "",
    "hooks.py": """
        import json


        def parse_event(body: str) -> dict:
            data = json.loads(body)
            return {"id": data["id"], "note": data["metadata"]["note"]}
        """,
    "tests/test_hooks.py": """
        import json

        from hooks import parse_event


        def test_parse_event():
            body = json.dumps({"id": "e1", "metadata": {"note": "gift"}})
            assert parse_event(body) == {"id": "e1", "note": "gift"}
        """,
}
HOOKS_TRACE = """
    Traceback (most recent call last):
      File "/usr/local/lib/python3.11/site-packages/flask/app.py", line 1511, in wsgi_app
        response = self.full_dispatch_request()
      File "/srv/app/hooks.py", line 6, in parse_event
        return {"id": data["id"], "note": data["metadata"]["note"]}
    KeyError: 'note'
    """


def test_missing_key_is_reproduced_in_the_test_folder(make_task: MakeTask, tools: GeneratorTools) -> None:
    task = make_task(HOOKS, trace=HOOKS_TRACE)
    found = write_reproducing_test(task, tools)
    assert found is not None
    assert found.raises == "KeyError: 'note'"
    assert found.edit.path == "tests/test_parse_event_raises_no_key.py"
    assert found.edit.before is None
    ast.parse(found.edit.after or "")
    assert not (task.workspace / found.edit.path).exists()
    with open_bench(task, tools) as bench:
        before, mended = bench.run(
            [
                Variant((found.edit,), found.node_ids),
                Variant((found.edit, _mended(task)), found.node_ids),
            ],
            limit_s=60,
        )
    error = before.tests[found.node_ids[0]].error
    assert error is not None
    assert (error.name, error.message, error.frames[-1].function) == ("KeyError", "'note'", "parse_event")
    assert mended.passes(found.node_ids)


def _mended(task: GenerationTask) -> FileEdit:
    text = (task.workspace / "hooks.py").read_text()
    return edit_file(task.workspace, "hooks.py", text.replace('["metadata"]["note"]', '["metadata"].get("note")'))


def test_state_shared_by_calls_is_reproduced_by_calling_twice(make_task: MakeTask, tools: GeneratorTools) -> None:
    files = {
        "conftest.py": "",
        "tickets.py": """
            class DuplicateTag(ValueError):
                pass


            def add_tag(tag, tags=[]):
                if tag in tags:
                    raise DuplicateTag(f"tag {tag!r} is there already")
                tags.append(tag)
                return tags


            def open_incident(title):
                return title, add_tag("incident")
            """,
        "tests/test_tickets.py": """
            from tickets import add_tag


            def test_add_tag():
                assert add_tag("b", ["a"]) == ["a", "b"]
            """,
    }
    trace = """
        Traceback (most recent call last):
          File "/app/tickets.py", line 13, in open_incident
            return title, add_tag("incident")
          File "/app/tickets.py", line 7, in add_tag
            raise DuplicateTag(f"tag {tag!r} is there already")
        tickets.DuplicateTag: tag 'incident' is there already
        """
    found = write_reproducing_test(make_task(files, trace=trace), tools)
    assert found is not None
    assert (found.edit.after or "").count("open_incident(") == 2


def test_outage_is_simulated_and_leaves_nothing_behind(make_task: MakeTask, tools: GeneratorTools) -> None:
    files = {
        "conftest.py": "",
        "rates.py": '''
            from urllib.request import urlopen


            def fetch(url: str) -> bytes | None:
                """The document; None when the server does not answer in time."""
                return urlopen(url, timeout=3).read()
            ''',
        "tests/test_rates.py": """
            import pytest

            from rates import fetch


            def test_fetch_needs_an_address():
                with pytest.raises(ValueError):
                    fetch("nowhere")
            """,
    }
    trace = """
        Traceback (most recent call last):
          File "/app/rates.py", line 6, in fetch
            return urlopen(url, timeout=3).read()
        TimeoutError: timed out
        """
    found = write_reproducing_test(make_task(files, trace=trace), tools)
    assert found is not None
    assert 'monkeypatch.setattr("rates.urlopen"' in (found.edit.after or "")


def test_nothing_is_written_without_a_frame_in_the_repository(make_task: MakeTask, tools: GeneratorTools) -> None:
    trace = HOOKS_TRACE.replace("/srv/app/hooks.py", "/srv/app/elsewhere.py")
    assert write_reproducing_test(make_task(HOOKS, trace=trace), tools) is None
