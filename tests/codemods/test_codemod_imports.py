"""Imports that a codemod needs or leaves unused, seen through `apply_codemods`."""

import pytest

from tasks.generation.codemods import apply_codemods

SLEEP = "sleep_without_blocking"
BODY = "\n\nasync def poll():\n    {call}\n"


@pytest.mark.parametrize(
    ("head", "call", "expected"),
    [
        ("import time", "time.sleep(1)", "import asyncio"),
        ("import time as t", "t.sleep(1)", "import asyncio"),
        ("from time import sleep as s", "s(1)", "import asyncio"),
        ("import time\n\nT = time.time()", "time.sleep(1)", "import asyncio\nimport time\n\nT = time.time()"),
        (
            "from time import sleep, time\n\nT = time()",
            "sleep(1)",
            "import asyncio\nfrom time import time\n\nT = time()",
        ),
        ("import os\nimport time\n\nos", "time.sleep(1)", "import asyncio\nimport os\n\nos"),
        ('"""Doc."""\n\nimport time', "time.sleep(1)", '"""Doc."""\n\nimport asyncio'),
        ("import time  # kept", "time.sleep(1)", "import asyncio\nimport time  # kept"),
        ("from __future__ import x\n\nimport time", "time.sleep(1)", "from __future__ import x\n\nimport asyncio"),
        ("import time\n\nimport httpx\n\nhttpx", "time.sleep(1)", "import asyncio\n\nimport httpx\n\nhttpx"),
        ("import asyncio as aio\nimport time", "time.sleep(1)", "import asyncio as aio"),
    ],
)
def test_adds_the_needed_import_once_and_drops_the_unused(head: str, call: str, expected: str) -> None:
    text, _ = apply_codemods(head + BODY.format(call=call), "a.py", [SLEEP])
    name = "aio" if "as aio" in head else "asyncio"
    assert text == expected + BODY.format(call=f"await {name}.sleep(1)")


@pytest.mark.parametrize(
    "source",
    [
        "import time\nasyncio = None\n" + BODY.format(call="time.sleep(1)"),
        "import time\n\n\ndef asyncio():\n    pass\n" + BODY.format(call="time.sleep(1)"),
        "import time\nimport trio as asyncio\n" + BODY.format(call="time.sleep(1)"),
    ],
)
def test_leaves_the_site_alone_when_the_name_is_taken(source: str) -> None:
    assert apply_codemods(source, "a.py", [SLEEP]) == (source, ())


def test_keeps_what_the_front_of_a_package_exports() -> None:
    source = "import time" + BODY.format(call="time.sleep(1)")
    assert "import time\n" in apply_codemods(source, "app/__init__.py", [SLEEP])[0]


def test_keeps_an_import_that_all_names() -> None:
    source = 'import time\n\n__all__ = ["time"]\n' + BODY.format(call="time.sleep(1)")
    assert "import time\n" in apply_codemods(source, "a.py", [SLEEP])[0]


def test_a_name_that_may_be_another_function_is_left_alone() -> None:
    source = "try:\n    from fast import sleep\nexcept ImportError:\n    from time import sleep\n"
    source += BODY.format(call="sleep(1)")
    assert apply_codemods(source, "a.py", [SLEEP]) == (source, ())


def test_a_parameter_hides_the_module() -> None:
    source = "import requests\n\n\ndef load(requests):\n    return requests.get('x')\n"
    assert apply_codemods(source, "a.py", ["add_request_timeout"]) == (source, ())


def test_keeps_windows_newlines() -> None:
    text, edits = apply_codemods("import requests\r\nrequests.get(u)  # a\r\n", "a.py", ["add_request_timeout"])
    assert edits and text == "import requests\r\nrequests.get(u, timeout=30)  # a\r\n"
