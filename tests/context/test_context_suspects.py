"""Which places an incident's frames, findings, tests and words point to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tasks.context.frames import OwnFrame, map_frames
from tasks.context.manager import WorkflowContextManager
from tasks.models import CodeLocation, ExceptionInfo, Incident, StackFrame, Suspect

USERS = """import functools


def cached(function):
    return function


class Store:
    @cached
    @functools.wraps(cached)
    def load(self, key):
        def inner():
            return self.rows[key]

        return inner()


lookup = lambda key: Store().load(key)
"""
FILES = {"src/shop/users.py": USERS, "src/shop/web.py": "", "main.py": "def run():\n    start()\n", "web.py": ""}


def write(root: Path, files: Mapping[str, str]) -> Path:
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    return root


def map_one(root: Path, frame: StackFrame) -> OwnFrame | None:
    write(root, FILES)
    mapped = map_frames([ExceptionInfo(type="KeyError", frames=(frame,))], FILES, root)
    return mapped[0] if mapped else None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/app/src/shop/users.py", "src/shop/users.py"),
        ("/usr/lib/python3.11/site-packages/shop/users.py", "src/shop/users.py"),
        ("C:\\build\\shop\\users.py", "src/shop/users.py"),
        ("./shop/users.py", "src/shop/users.py"),
        ("shop/web.py", "src/shop/web.py"),
        ("/srv/main.py", "main.py"),
        ("/opt/venv/lib/python3.12/site-packages/other/users.py", None),
        ("/usr/lib/python3.11/web.py", None),
        ("<frozen importlib._bootstrap>", None),
        ("<string>", None),
        ("", None),
    ],
)
def test_maps_a_reported_path(tmp_path: Path, path: str, expected: str | None) -> None:
    found = map_one(tmp_path, StackFrame(path=path, line=1))
    assert (found.path if found else None) == expected


@pytest.mark.parametrize(
    ("function", "line", "code", "expected"),
    [
        ("inner", 13, "return self.rows[key]", ("Store.load.inner", 13)),
        ("load", 9, "@cached", ("Store.load", 9)),
        ("<lambda>", 18, "lookup = lambda key: Store().load(key)", (None, 18)),
        ("Store.load", 90, "return inner()", ("Store.load", 15)),
        ("inner", 2, "return self.rows[key]", ("Store.load.inner", 13)),
        ("load", 400, None, ("Store.load", None)),
    ],
)
def test_finds_function_and_line_again(
    tmp_path: Path, function: str, line: int, code: str | None, expected: tuple[str | None, int | None]
) -> None:
    found = map_one(tmp_path, StackFrame(path="/app/shop/users.py", line=line, function=function, code=code))
    assert found is not None
    assert (found.function, found.line) == expected


def suspects(root: Path, files: Mapping[str, str], incident: Incident) -> tuple[Suspect, ...]:
    found = WorkflowContextManager(None).build(incident, write(root, files)).suspects
    assert not found or sum(suspect.score for suspect in found) == pytest.approx(1.0)
    return found


def test_innermost_own_frame_of_the_first_exception_leads(tmp_path: Path) -> None:
    files = {
        "app/a.py": "def outer():\n    inner()\n\n\ndef wrap():\n    raise\n",
        "app/b.py": "def inner():\n    {}['k']\n",
    }
    first = ExceptionInfo(
        type="KeyError",
        message="'k'",
        frames=(
            StackFrame(path="/x/app/a.py", line=2, function="outer"),
            StackFrame(path="/x/app/b.py", line=2, function="inner"),
        ),
    )
    last = ExceptionInfo(
        type="RuntimeError", frames=(StackFrame(path="/x/app/a.py", line=6, function="wrap"),), relation="cause"
    )
    found = suspects(tmp_path, files, Incident(id="1", title="Fails", exceptions=(first, last)))
    assert [(s.path, s.function, s.line) for s in found] == [
        ("app/b.py", "inner", 2),
        ("app/a.py", "outer", 2),
        ("app/a.py", "wrap", 6),
    ]
    assert found[0].reasons[0].kind == "stack-frame"


LOGGING = """import logging

log = logging.getLogger(__name__)


def charge(customer):
    log.error("Could not charge customer %s: %s", customer.id, customer.error)


def refund(customer):
    log.error("Nothing to see")
"""


@pytest.mark.parametrize(
    ("incident", "path", "function"),
    [
        (Incident(id="1", title="`charge` is wrong"), "app/billing.py", "charge"),
        (Incident(id="1", title="Alert", description="see app/billing.py:11"), "app/billing.py", "refund"),
        (
            Incident(id="1", title="Alert", logs="2026-01-01 ERROR app.x: Could not charge customer 7: declined"),
            "app/billing.py",
            "charge",
        ),
        (Incident(id="1", title="GET /api/v1/orders/17 answers 500"), "app/routes.py", "show"),
        (Incident(id="1", title="no such table: invoices"), "app/store.py", "invoices_of"),
        (
            Incident(id="1", title="Finding", locations=(CodeLocation(path="app/store.py", line=2, rule_id="B608"),)),
            "app/store.py",
            "invoices_of",
        ),
        (
            Incident(id="1", title="Red", failing_tests=("tests/test_store.py::test_invoices[a-b]",)),
            "app/store.py",
            "invoices_of",
        ),
    ],
)
def test_what_an_incident_names_leads(tmp_path: Path, incident: Incident, path: str, function: str) -> None:
    files = {
        "app/billing.py": LOGGING,
        "app/routes.py": '@router.get("/orders/{number}")\ndef show(number):\n    ...\n\n\n'
        '@router.post("/orders")\ndef make():\n    ...\n',
        "app/store.py": 'def invoices_of(db, who):\n    return db.execute("SELECT * FROM invoices")\n\n\n'
        "def other():\n    ...\n",
        "tests/test_store.py": "from app.store import invoices_of, other\n\n\n"
        "def test_invoices(x):\n    assert invoices_of(x)\n\n\ndef test_other():\n    other()\n",
    }
    found = suspects(tmp_path, files, incident)
    assert (found[0].path, found[0].function) == (path, function)
    assert all(suspect.reasons for suspect in found)


def test_nothing_named_means_no_suspects(tmp_path: Path) -> None:
    assert suspects(tmp_path, {"app/a.py": "def f():\n    pass\n"}, Incident(id="1", title="It is down")) == ()


def test_a_hostile_text_is_ranked_without_delay_or_error(tmp_path: Path) -> None:
    text = "a.b" * 20_000 + "((((" * 5_000 + "\0[" + "/x" * 9_000 + "`" * 500
    incident = Incident(id="1", title=text[:500], description=text, logs=text)
    suspects(tmp_path, {"app/a.py": "def f():\n    pass\n"}, incident)


WEB = {
    "shop/__init__.py": "",
    "shop/web.py": "def show(order):\n    return order.total\n\n\ndef list_all():\n    return []\n",
    "shop/billing.py": "def charge(order):\n    return order.total\n",
}


@pytest.mark.parametrize(
    "line",
    [
        "2026-01-01 10:00:00 ERROR shop.web: `charge` answered nothing",
        "ERROR:shop.web:`charge` answered nothing",
        "10:00:01 | ERROR | shop.web:show:2 - `charge` answered nothing",
        'level=error logger=shop.web msg="`charge` answered nothing"',
    ],
)
def test_the_logger_of_a_line_says_less_than_the_line(tmp_path: Path, line: str) -> None:
    found = suspects(tmp_path, WEB, Incident(id="1", title="Alert", logs=line))
    assert found[0].function == "charge"
    by_logger = [
        reason for item in found for reason in item.reasons if "stands in the name of a logger" in reason.detail
    ]
    assert by_logger
    assert all(item.path != "shop/__init__.py" for item in found)


def test_an_empty_package_file_is_no_suspect_and_one_of_imports_a_weak_one(tmp_path: Path) -> None:
    files = WEB | {"shop/api/__init__.py": "from shop.web import show\n"}
    incident = Incident(id="1", title="Alert in shop/__init__.py, shop/api/__init__.py and shop/web.py")
    found = suspects(tmp_path, files, incident)
    assert [item.path for item in found] == ["shop/web.py", "shop/api/__init__.py"]
    assert found[1].score < 0.3


def test_a_frame_in_an_empty_looking_file_still_counts(tmp_path: Path) -> None:
    frame = StackFrame(path="/srv/shop/__init__.py", line=1, function="<module>", code="from shop.web import shw")
    crash = ExceptionInfo(type="ImportError", message="cannot import name 'shw'", frames=(frame,))
    files = WEB | {"shop/__init__.py": "from shop.web import shw\n"}
    found = suspects(tmp_path, files, Incident(id="1", title="Alert", exceptions=(crash,)))
    assert (found[0].path, found[0].line) == ("shop/__init__.py", 1)


def test_recent_commits_are_offered_when_nothing_else_is_known_and_say_so(tmp_path: Path) -> None:
    commit = {"sha": "abc1234", "message": "Charge twice", "date": "2026-01-02T00:00:00Z", "files": ["shop/billing.py"]}
    incident = Incident(id="1", title="It is down")
    context = WorkflowContextManager(None).build(incident, write(tmp_path, WEB), given={"recent_commits": [commit]})
    assert [item.path for item in context.suspects] == ["shop/billing.py"]
    assert "nothing names it" in context.suspects[0].reasons[0].detail


@pytest.mark.parametrize("importing", ["from shop.web import show", "from shop import web", "import shop.web as web"])
def test_a_failing_test_accuses_what_it_imports_however_it_imports_it(tmp_path: Path, importing: str) -> None:
    call = "show(1)" if importing.endswith("show") else "web.show(1)"
    files = WEB | {"tests/test_web.py": f"{importing}\n\n\ndef test_show():\n    assert {call}\n"}
    found = suspects(tmp_path, files, Incident(id="1", title="Red", failing_tests=("tests/test_web.py::test_show",)))
    assert [(item.path, item.function) for item in found] == [("shop/web.py", "show")]


def test_a_failing_test_accuses_what_its_fixture_runs(tmp_path: Path) -> None:
    test = """from shop.billing import charge
import pytest


@pytest.fixture
def bill():
    return charge(1)


def test_bill(bill):
    assert bill == 1
"""
    incident = Incident(id="1", title="Red", failing_tests=("tests/test_billing.py::test_bill",))
    found = suspects(tmp_path, WEB | {"tests/test_billing.py": test}, incident)
    assert [(item.path, item.function) for item in found] == [("shop/billing.py", "charge")]


def test_a_relative_import_leads_to_the_callee(tmp_path: Path) -> None:
    files = WEB | {
        "shop/front.py": "from .billing import charge\n\n\ndef buy(order):\n    return charge(order)\n",
        "other/billing.py": "def charge():\n    pass\n",
        "tests/test_front.py": "from shop.front import buy\n\n\ndef test_buy():\n    buy(1)\n",
    }
    found = suspects(tmp_path, files, Incident(id="1", title="Red", failing_tests=("tests/test_front.py::test_buy",)))
    assert [(item.path, item.function) for item in found] == [("shop/front.py", "buy"), ("shop/billing.py", "charge")]


RISKY = {
    "app/rates.py": "def rate(hits, total):\n    return hits / total\n\n\ndef half(n):\n    return n / 2\n",
    "app/store.py": "def name_of(row):\n    return row['name']\n\n\ndef age_of(row):\n    return row['age']\n",
    "app/tree.py": "def depth(node):\n    return 1 + depth(node.parent)\n\n\ndef first(rows):\n    return next(rows)\n",
}


@pytest.mark.parametrize(
    ("title", "function"),
    [
        ("ZeroDivisionError: division by zero", "rate"),
        ("KeyError: 'age'", "age_of"),
        ("RecursionError: maximum recursion depth exceeded", "depth"),
        ("AttributeError: 'NoneType' object has no attribute 'parent'", "depth"),
        ("worker died with StopIteration", "first"),
    ],
)
def test_an_exception_without_a_trace_points_at_what_can_raise_it(tmp_path: Path, title: str, function: str) -> None:
    found = suspects(tmp_path, RISKY, Incident(id="1", title=title))
    assert found[0].function == function


def test_what_could_be_raised_anywhere_points_nowhere(tmp_path: Path) -> None:
    many = "\n\n".join(f"def f{number}(a, b):\n    return a / b" for number in range(20))
    title = "ZeroDivisionError: division by zero"
    assert suspects(tmp_path, {"app/many.py": many}, Incident(id="1", title=title)) == ()
