"""Stack traces as programs, loggers and collectors really write them."""

from __future__ import annotations

import asyncio
import io
import json
import traceback
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tasks.context.stacktrace import parse_stack_traces


def formatted(fail: Callable[[], object]) -> str:
    try:
        fail()
    except BaseException:
        return traceback.format_exc()
    raise AssertionError("did not fail")


def look_up(depth: int) -> object:
    return {}["missing"] if depth == 0 else look_up(depth - 1)


def fail_chained() -> None:
    try:
        look_up(1)
    except KeyError as error:
        raise ValueError("no such user") from error


def fail_while_handling() -> None:
    try:
        look_up(0)
    except KeyError:
        raise RuntimeError("while handling")  # noqa: B904 (the implicit context is what is tested)


CHAINED = formatted(fail_chained)


def assert_chained(text: str) -> None:
    cause, raised = parse_stack_traces(text)
    assert (cause.type, cause.message, cause.relation) == ("KeyError", "'missing'", "cause")
    assert [frame.function for frame in cause.frames] == ["fail_chained", "look_up", "look_up"]
    assert cause.frames[-1].code == 'return {}["missing"] if depth == 0 else look_up(depth - 1)'
    assert (raised.type, raised.message, raised.relation) == ("ValueError", "no such user", "raised")
    assert raised.frames[-1].path == __file__


def prefixed(prefix: str) -> str:
    return "".join(f"{prefix.replace('#', str(n % 10))}{line}\n" for n, line in enumerate(CHAINED.splitlines()))


@pytest.mark.parametrize(
    "text",
    [
        CHAINED,
        CHAINED.replace("\n", "\r\n"),
        f"2026-11-20 08:00:00,123 ERROR app {CHAINED}2026-11-20 08:00:01,000 INFO app: went on\n",
        "ERROR:root:it broke\n" + CHAINED + "INFO:root:went on\n",
        "It fails like this:\n\n" + "".join(f"    {line}\n" for line in CHAINED.splitlines()),
        prefixed("2026-11-20 08:00:0#,123 ERROR [app] "),
        prefixed("web-1  | "),
        prefixed("Nov 20 08:00:0# host app[1234]: "),
        prefixed("2026-11-20T08:00:00.12345678#Z stderr F "),
        prefixed("2026-11-20T08:00:00.123456#Z "),
        prefixed("web-1  | ").replace("\nweb-1", "\ndb-1   | LOG:  checkpoint complete\nweb-1"),
        "\x1b[31m" + CHAINED.replace("File", "\x1b[1mFile\x1b[0m") + "\x1b[0m",
        f'start\n{{"level": "error", "exc_info": {json.dumps(CHAINED)}}}\nend\n',
        "2026-11-20 " + json.dumps({"a": [{"stack": CHAINED}]}) + "\nend\n",
        "ERROR " + json.dumps(CHAINED)[1:-1] + "\nend\n",
        CHAINED.split("\n", 1)[1],
        "Nov 20 08:00:01 host app[12]: " + CHAINED.replace("\n", "#012") + "\nNov 20 08:00:02 host app[12]: next\n",
    ],
    ids=[
        "plain", "crlf", "record", "after-record", "indented", "prefixed", "compose", "journald", "kubernetes",
        "actions", "interleaved", "colours", "json", "nested-json", "escaped", "header-cut", "rsyslog",
    ],
)  # fmt: skip
def test_reads_a_chained_traceback_however_it_was_logged(text: str) -> None:
    assert_chained(text)


def test_tells_context_from_cause() -> None:
    first, last = parse_stack_traces(formatted(fail_while_handling))
    assert (first.type, first.relation, last.type, last.relation) == ("KeyError", "context", "RuntimeError", "raised")


def test_keeps_a_message_of_several_lines_and_its_notes() -> None:
    def fail() -> None:
        error = ValueError("first line\n  second line")
        error.add_note("try another id")
        raise error

    (found,) = parse_stack_traces(formatted(fail) + "\nunrelated text\n")
    assert found.message == "first line\n  second line\ntry another id"


def test_reads_exception_groups_members_first() -> None:
    async def work() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.to_thread(look_up, 0))

    text = formatted(lambda: asyncio.run(work()))
    for log in (text, "".join(f"app | {line}\n" for line in text.splitlines())):
        member, group = parse_stack_traces(log)
        assert (member.type, member.relation, member.frames[-1].function) == ("KeyError", "group", "look_up")
        assert (group.type, group.relation) == ("ExceptionGroup", "raised")


def test_reads_a_group_in_the_middle_of_a_chain() -> None:
    def fail() -> None:
        try:
            try:
                look_up(0)
            except KeyError as error:
                raise ExceptionGroup("several", [ValueError("one"), TypeError("two")]) from error
        except ExceptionGroup as group:
            raise RuntimeError("gave up") from group

    found = parse_stack_traces(formatted(fail))
    assert [(one.type, one.relation) for one in found] == [
        ("KeyError", "cause"),
        ("ValueError", "group"),
        ("TypeError", "group"),
        ("ExceptionGroup", "cause"),
        ("RuntimeError", "raised"),
    ]


def test_reads_an_exception_that_no_task_retrieved() -> None:
    text = "Task exception was never retrieved\nfuture: <Task finished name='T' exception=KeyError('missing')>\n"
    (found,) = parse_stack_traces(text + formatted(lambda: look_up(0)))
    assert found.frames[-1].function == "look_up"


def test_reads_a_syntax_error_with_its_place() -> None:
    text = formatted(lambda: compile("def f(:\n", "app/broken.py", "exec"))
    for log in (text, text[text.index('  File "app/broken.py"') :]):
        (found,) = parse_stack_traces(log)
        place = found.frames[-1]
        assert (found.type, place.path, place.line, place.code) == ("SyntaxError", "app/broken.py", 1, "def f(:")


def test_reads_past_repeated_lines_of_a_recursion() -> None:
    def forever() -> None:
        forever()

    (found,) = parse_stack_traces(formatted(forever))
    assert found.type == "RecursionError"
    assert found.frames[-1].function == "forever"


def test_reads_frames_without_source_and_frozen_ones() -> None:
    text = (
        "Traceback (most recent call last):\n"
        '  File "/app/main.py", line 3, in <module>\n'
        '  File "<frozen importlib._bootstrap>", line 1360, in _find_and_load\n'
        "ModuleNotFoundError: No module named 'requests'\n"
    )
    (found,) = parse_stack_traces(text)
    assert [(frame.path, frame.line, frame.code) for frame in found.frames] == [
        ("/app/main.py", 3, None),
        ("<frozen importlib._bootstrap>", 1360, None),
    ]


def test_keeps_the_frames_of_a_traceback_that_was_cut_off() -> None:
    (found,) = parse_stack_traces('Traceback (most recent call last):\n  File "app.py", line 3, in run\n    go()\n')
    assert (found.type, found.frames[0].function) == ("", "run")


def test_keeps_a_traceback_logged_again_and_again_once() -> None:
    assert len(parse_stack_traces((formatted(lambda: look_up(0)) + "\n") * 200)) == 1


def test_finds_nothing_in_ordinary_text() -> None:
    assert parse_stack_traces("The Traceback page shows File names.\nValueError: is a type\nE. coli\n") == ()


def test_reads_the_panel_that_rich_draws() -> None:
    rich_console = Console(file=io.StringIO(), width=240, force_terminal=False)
    try:
        fail_chained()
    except ValueError:
        rich_console.print_exception(show_locals=True)
    file = rich_console.file
    assert isinstance(file, io.StringIO)
    cause, raised = parse_stack_traces(
        "12:00:01 | ERROR | task failed\n" + file.getvalue() + "12:00:02 | INFO | next\n"
    )
    assert (cause.type, cause.message, cause.relation) == ("KeyError", "'missing'", "cause")
    assert [frame.function for frame in cause.frames] == ["fail_chained", "look_up", "look_up"]
    assert cause.frames[-1].path.endswith("test_stack_traces.py")
    assert (raised.type, raised.message, raised.relation) == ("ValueError", "no such user", "raised")
    assert raised.frames[-1].code == 'raise ValueError("no such user") from error'


def test_reads_what_loguru_prints() -> None:
    text = (
        "2026-11-20 08:00:00.000 | ERROR    | app:main:9 - failed\n"
        "Traceback (most recent call last):\n"
        "\n"
        '  File "/srv/app.py", line 9, in <module>\n'
        "    main({})\n"
        "    └ <function main at 0x7f00>\n"
        "\n"
        '> File "/srv/app.py", line 5, in main\n'
        "    return row['id']\n"
        "           └ {}\n"
        "\n"
        "KeyError: 'id'\n"
        "2026-11-20 08:00:01.000 | INFO     | app:main:9 - went on\n"
    )
    (found,) = parse_stack_traces(text)
    assert (found.type, found.message) == ("KeyError", "'id'")
    assert [(frame.line, frame.code) for frame in found.frames] == [(9, "main({})"), (5, "return row['id']")]


def test_reads_what_a_lambda_logs() -> None:
    text = "[ERROR] KeyError: 'id'\nTraceback (most recent call last):\n"
    text += '\xa0\xa0File "/var/task/app.py", line 3, in handler\n'
    (found,) = parse_stack_traces(text + "\xa0\xa0\xa0\xa0return event['id']\n")
    assert (found.type, found.message, found.frames[0].code) == ("KeyError", "'id'", "return event['id']")


FRAGMENTS = st.sampled_from(
    [
        *["Traceback (most recent call last):", '  File "a.py", line 1, in f', "    x()", "KeyError: 'a'", "", "  | "],
        *["  + Exception Group Traceback (most recent call last):", "+-+---", "    | ", "    ^^^", "\x00", '{"a":'],
        *["During handling of the above exception, another exception occurred:", "web | ", "E   KeyError: 'x'", "> x"],
        *["a.py:3: KeyError", "E", "____ t ____", "\tat a.B.c(D.java:1)", "goroutine 1 [running]:", "panic: x"],
        *["╭── Traceback (most recent call last) ──╮", "│ /a.py:1 in f │", "│ ❱ 1 x │", "╰───╯", '> File "a", line 1'],
        *["a.rb:1:in `b': c (D)", "    at f (a.js:1:2)", "Caused by: a.B: c", "\t/a/b.go:3 +0x1", "main.f(0x1)"],
    ]
)


@given(st.lists(st.one_of(FRAGMENTS, st.text(max_size=20)), max_size=30))
def test_survives_any_mixture_of_fragments(lines: list[str]) -> None:
    for found in parse_stack_traces("\n".join(lines)):
        assert found.type or found.frames


@pytest.mark.parametrize(
    "line",
    [
        "Traceback (most recent call last):\n",
        '  File "' + "a" * 200 + "\n",
        "E   " + "x" * 200 + "\n",
        "\n",
        'app 1 Traceback (most recent call last):\napp 1   File "a", line 1, in f\n',
        "  + Exception Group Traceback (most recent call last):\n  | x\n",
        '{"a":"' + "\\n" * 100 + '"}\n',
        "╭─ Traceback (most recent call last) ─╮\n│ /a" + " " * 1000 + "x\n",
        "\tat a.b.c(" + "(" * 100 + "\n",
    ],
)
def test_bounds_what_it_keeps_of_a_hostile_log(line: str) -> None:
    found = parse_stack_traces(line * (500_000 // len(line)))
    assert len(found) <= 50
