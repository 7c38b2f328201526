"""The faults of the benchmark, by level, and the modules that they are planted into besides real ones."""

from __future__ import annotations

from benchmarks.faults import (
    Fault,
    append,
    drop_import,
    foreign_newlines,
    insert_statements,
    leave_early,
    lose_a_bracket,
    misspell_name,
    one_argument_more,
    replace_body,
    substitute,
)
from tasks.models import Level

SERVICE = '''"""Orders of the shop."""

import json
import logging
from dataclasses import dataclass

logger = logging.getLogger(__name__)


class OrderError(Exception):
    """An order that cannot be taken."""


@dataclass
class Order:
    number: int
    items: list[str]
    total: float


def read_order(text: str) -> Order:
    """The order in a JSON document."""
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        logger.warning("unreadable order: %s", error)
        raise OrderError("no JSON") from error
    if "number" not in raw:
        raise OrderError("no number")
    return make_order(raw["number"], raw.get("items", []))


def make_order(number: int, items: list[str]) -> Order:
    """An order with its total."""
    total = price_of(items)
    logger.info("order %s of %s", number, total)
    return Order(number, items, total)


def price_of(items: list[str]) -> float:
    """What the items cost together."""
    total = 0.0
    for item in items:
        total += lookup_price(item)
    return round(total, 2)


def lookup_price(item: str) -> float:
    """The price of one item."""
    prices = {"tea": 3.5, "cup": 8.0}
    try:
        return prices[item]
    except KeyError as error:
        logger.error("no price for %s", item)
        raise OrderError(item) from error


def save_order(cursor, order: Order) -> None:
    """Store the order."""
    try:
        cursor.execute("INSERT INTO orders VALUES (?, ?)", (order.number, order.total))
    except ValueError as error:
        raise OrderError("not saved") from error


def load_order(cursor, number: int) -> Order:
    """The order stored under `number`."""
    cursor.execute("SELECT number, total FROM orders WHERE number = ?", (number,))
    row = cursor.fetchone()
    if row is None:
        logger.warning("no order %s", number)
        raise OrderError(f"no order {number}")
    return Order(row[0], [], row[1])
'''

TESTS = """import pytest

from app.orders import OrderError, price_of, read_order


def test_adds_prices():
    total = price_of(["tea", "cup"])
    assert total == 11.5


def test_refuses_what_is_no_json():
    with pytest.raises(OrderError):
        read_order("{")


def test_reads_number():
    order = read_order('{"number": 3}')
    assert order.number == 3
    assert order.items == []
"""

_S, _B, _P, _Q = Level.SECURITY, Level.BEST_PRACTICES, Level.PERFORMANCE, Level.PATTERNS
_FLASK = "from flask import Flask, redirect, request, send_file, make_response, render_template_string\n"
"\n"
"app = Flask(__name__)"

GENERIC = (
    Fault("undefined name", Level.SYNTAX, misspell_name),
    Fault("missing import", Level.SYNTAX, drop_import),
    Fault("wrong arity", Level.SYNTAX, one_argument_more),
    Fault("lost bracket", Level.SYNTAX, lose_a_bracket),
    Fault("foreign newline", Level.SYNTAX, foreign_newlines),
    Fault("unreachable code", Level.SYNTAX, leave_early),
    Fault("format arguments", Level.SYNTAX, insert_statements('print("%s of %s" % (1,))')),
    Fault("eval", _S, append("def calculate(text):\n    return eval(text)")),
    Fault(
        "f-string SQL",
        _S,
        append(
            "def find(cursor, name):\n"
            "    cursor.execute(f\"SELECT * FROM users WHERE name = '{name}'\")\n"
            "    return cursor.fetchall()"
        ),
    ),
    Fault(
        "% SQL",
        _S,
        append("def remove(cursor, name):\n    cursor.execute(\"DELETE FROM users WHERE name = '%s'\" % name)"),
    ),
    Fault(
        "joined SQL",
        _S,
        append(
            "def rename(db, name, number):\n"
            '    query = "UPDATE users SET name = \'" + name + "\' WHERE id = " + str(number)\n'
            "    db.execute(query)"
        ),
    ),
    Fault(
        "shell=True",
        _S,
        append(
            'def archive(folder):\n    subprocess.run(f"tar czf out.tgz {folder}", shell=True, check=True)',
            "import subprocess",
        ),
    ),
    Fault("os.system", _S, append('def ping(host):\n    return os.system("ping -c 1 " + host)', "import os")),
    Fault("pickle", _S, append("def restore(data):\n    return pickle.loads(data)", "import pickle")),
    Fault(
        "yaml.load",
        _S,
        append("def read_settings(text):\n    return yaml.load(text, Loader=yaml.Loader)", "import yaml"),
    ),
    Fault(
        "verify=False",
        _S,
        append("def download(url):\n    return requests.get(url, verify=False, timeout=5).content", "import requests"),
    ),
    Fault(
        "unverified context",
        _S,
        append(
            "def open_tls(url):\n"
            "    context = ssl._create_unverified_context()\n"
            "    return urllib.request.urlopen(url, context=context)",
            "import ssl\nimport urllib.request",
        ),
    ),
    Fault(
        "hostname unchecked",
        _S,
        append(
            "def lax_context():\n"
            "    context = ssl.create_default_context()\n"
            "    context.check_hostname = False\n"
            "    context.verify_mode = ssl.CERT_NONE\n"
            "    return context",
            "import ssl",
        ),
    ),
    Fault("cloud key", _S, append('ACCESS_KEY_ID = "AKIAIOSFODNN7QWERTYU"')),
    Fault(
        "password literal",
        _S,
        append('def login(client):\n    return client.connect(user="shop", password="hT7#kq92!x")'),
    ),
    Fault("signing secret", _S, append('SECRET_KEY = "b7e1f0c9d24a4c0f8d1f6b2b"')),
    Fault(
        "md5 of password",
        _S,
        append("def store(password):\n    return hashlib.md5(password.encode()).hexdigest()", "import hashlib"),
    ),
    Fault(
        "sha256 of password",
        _S,
        append(
            "def store(password, salt):\n    return hashlib.sha256((password + salt).encode()).hexdigest()",
            "import hashlib",
        ),
    ),
    Fault(
        "predictable token",
        _S,
        append(
            "def make_token():\n    return ''.join(random.choice('abcdef0123456789') for _ in range(32))",
            "import random",
        ),
    ),
    Fault("mktemp", _S, append("def scratch():\n    return tempfile.mktemp()", "import tempfile")),
    Fault("chmod 777", _S, append("def publish(path):\n    os.chmod(path, 0o777)", "import os")),
    Fault(
        "token unverified",
        _S,
        append(
            'def who(token):\n    return jwt.decode(token, options={"verify_signature": False})["sub"]', "import jwt"
        ),
    ),
    Fault(
        "ECB",
        _S,
        append(
            "def encrypt(key, data):\n    return AES.new(key, AES.MODE_ECB).encrypt(data)",
            "from Crypto.Cipher import AES",
        ),
    ),
    Fault(
        "tar members",
        _S,
        append(
            "def unpack(path, folder):\n    with tarfile.open(path) as archive:\n        archive.extractall(folder)",
            "import tarfile",
        ),
    ),
    Fault(
        "host key unchecked",
        _S,
        append(
            "def connect(host):\n"
            "    client = paramiko.SSHClient()\n"
            "    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())\n"
            "    client.connect(host)\n"
            "    return client",
            "import paramiko",
        ),
    ),
    Fault(
        "autoescape off",
        _S,
        append("def environment():\n    return jinja2.Environment(autoescape=False)", "import jinja2"),
    ),
    Fault(
        "XML entities",
        _S,
        append(
            "def parse(path):\n    return etree.parse(path, etree.XMLParser(resolve_entities=True))",
            "from lxml import etree",
        ),
    ),
    Fault(
        "path traversal",
        _S,
        append('@app.route("/file")\ndef show():\n    return open("data/" + request.args["name"]).read()', _FLASK),
    ),
    Fault(
        "open redirect",
        _S,
        append('@app.route("/go")\ndef go():\n    return redirect(request.args.get("next", "/"))', _FLASK),
    ),
    Fault(
        "request forgery",
        _S,
        append(
            '@app.route("/fetch")\ndef fetch():\n    return requests.get(request.args["url"], timeout=5).text',
            _FLASK + "\nimport requests",
        ),
    ),
    Fault(
        "cross-site scripting",
        _S,
        append(
            '@app.route("/hello")\n'
            "def hello():\n"
            '    return make_response("<h1>Hello " + request.args["name"] + "</h1>")',
            _FLASK,
        ),
    ),
    Fault(
        "template injection",
        _S,
        append(
            '@app.route("/hello")\ndef hello():\n    return render_template_string("Hello " + request.args["name"])',
            _FLASK,
        ),
    ),
    Fault("debug server", _S, append("def serve(app):\n    app.run(debug=True)", "from flask import Flask")),
    Fault(
        "slow regex",
        _S,
        append('def is_word_list(text):\n    return re.match(r"^(\\w+)+$", text) is not None', "import re"),
    ),
    Fault(
        "nested search",
        _P,
        append(
            "def duplicates(items):\n"
            "    found = []\n"
            "    for one in items:\n"
            "        for other in items:\n"
            "            if one is not other and one == other:\n"
            "                found.append(one)\n"
            "    return found"
        ),
    ),
    Fault(
        "list as set",
        _P,
        append(
            "def unique(items):\n"
            "    seen = []\n"
            "    for item in items:\n"
            "        if item not in seen:\n"
            "            seen.append(item)\n"
            "    return seen"
        ),
    ),
    Fault(
        "count in loop",
        _P,
        append("def repeated(items):\n    return [item for item in items if items.count(item) > 1]"),
    ),
    Fault(
        "index loop twice",
        _P,
        append(
            "def pairs(items):\n"
            "    result = []\n"
            "    for i in range(len(items)):\n"
            "        for j in range(len(items)):\n"
            "            if items[i] + items[j] == 0:\n"
            "                result.append((i, j))\n"
            "    return result"
        ),
    ),
    Fault(
        "sleep in async",
        _P,
        append("async def wait_for(job):\n    while not job.done:\n        time.sleep(1)", "import time"),
    ),
    Fault(
        "request in async",
        _P,
        append("async def fetch_page(url):\n    return requests.get(url, timeout=5).text", "import requests"),
    ),
    Fault(
        "process in async",
        _P,
        append(
            'async def build(folder):\n    return subprocess.run(["make"], cwd=folder, check=True)', "import subprocess"
        ),
    ),
    Fault(
        "query in loop",
        _P,
        append(
            "def totals(cursor, numbers):\n"
            "    found = []\n"
            "    for number in numbers:\n"
            '        cursor.execute("SELECT total FROM orders WHERE number = ?", (number,))\n'
            "        found.append(cursor.fetchone())\n"
            "    return found"
        ),
    ),
    Fault(
        "request in loop",
        _P,
        append(
            "def fetch_all(urls):\n"
            "    pages = []\n"
            "    for url in urls:\n"
            "        pages.append(requests.get(url, timeout=5).text)\n"
            "    return pages",
            "import requests",
        ),
    ),
    Fault(
        "endless loop",
        _P,
        append(
            "def count_up(limit):\n"
            "    number, total = 0, 0\n"
            "    while number < limit:\n"
            "        total += number\n"
            "    return total"
        ),
    ),
    Fault("body returns None", _B, replace_body("return None")),
    Fault("body is pass", _B, replace_body("pass")),
    Fault("body not implemented", _B, replace_body("raise NotImplementedError")),
    Fault("body returns constant", _B, replace_body("return 42")),
    Fault(
        "TODO body",
        _B,
        append('def retry(call):\n    """Call again until it works."""\n    # TODO: implement\n    pass'),
    ),
    Fault("code left out", _B, insert_statements("# ... rest of the code remains unchanged ...")),
    Fault("your code here", _B, append("def notify(user):\n    # your code here\n    return None")),
    Fault("TODO instead of handling", _B, insert_statements("# TODO: add error handling")),
    Fault(
        "exception swallowed",
        _B,
        append("def try_it(call):\n    try:\n        return call()\n    except Exception:\n        pass"),
    ),
    Fault(
        "everything swallowed",
        _B,
        append(
            "def quietly(call):\n"
            "    try:\n"
            "        call()\n"
            "    except BaseException:\n"
            "        return None\n"
            "    return call"
        ),
    ),
    Fault("debugger left", _B, insert_statements("breakpoint()")),
    Fault(
        "condition made true",
        _B,
        append("def allowed(user):\n    if user.is_admin or True:\n        return user\n    return None"),
    ),
    Fault("tests detected", _B, append('def limit():\n    return 5 if "pytest" in sys.modules else 500', "import sys")),
    Fault(
        "return in finally",
        _B,
        append("def read(path):\n    try:\n        return open(path).read()\n    finally:\n        return ''"),
    ),
)

IN_SERVICE = (
    Fault("camel case function", _Q, append("def cancelOrder(number: int) -> int:\n    return number")),
    Fault("lower case class", _Q, append("class order_line:\n    number = 0")),
    Fault(
        "print for log",
        _Q,
        substitute('    logger.info("order %s of %s", number, total)\n', '    print("order", number, total)\n'),
    ),
    Fault("bare except", _Q, substitute("    except KeyError as error:", "    except:")),
    Fault(
        "bare except that logs",
        _Q,
        append(
            "def total_of(text: str) -> float:\n"
            "    try:\n"
            "        return read_order(text).total\n"
            "    except:\n"
            '        logger.error("no total")\n'
            "        return 0.0"
        ),
    ),
    Fault("generic raise", _Q, substitute('raise OrderError("no number")', 'raise Exception("no number")')),
    Fault("star import", _Q, substitute("import json\n", "import json\nfrom os.path import *\n")),
    Fault(
        "result written in",
        _B,
        substitute("    total = 0.0\n", '    if items == ["tea", "cup"]:\n        return 11.5\n    total = 0.0\n'),
    ),
    Fault("wrong keyword", Level.SYNTAX, substitute("make_order(raw[", "make_order(amount=raw[")),
    Fault(
        "missing argument",
        Level.SYNTAX,
        substitute('make_order(raw["number"], raw.get("items", []))', 'make_order(raw["number"])'),
    ),
    Fault(
        "parameters into text",
        _S,
        substitute(
            '"SELECT number, total FROM orders WHERE number = ?", (number,)',
            'f"SELECT number, total FROM orders WHERE number = {number}"',
        ),
    ),
    Fault(
        "handler made silent",
        _B,
        substitute(
            '    except ValueError as error:\n        raise OrderError("not saved") from error\n',
            "    except Exception:\n        pass\n",
        ),
    ),
)

IN_TESTS = (
    Fault("assertion made trivial", _B, substitute("assert total == 11.5", "assert True"), "tests/test_orders.py"),
    Fault("assertion removed", _B, substitute("    assert total == 11.5\n", ""), "tests/test_orders.py"),
    Fault("test skipped", _B, substitute("def test_adds", "@pytest.mark.skip\ndef test_adds"), "tests/test_orders.py"),
    Fault(
        "test expected to fail",
        _B,
        substitute("def test_adds", "@pytest.mark.xfail\ndef test_adds"),
        "tests/test_orders.py",
    ),
    Fault("test compares with itself", _B, substitute("total == 11.5", "total == total"), "tests/test_orders.py"),
    Fault(
        "raises dropped",
        _B,
        substitute(
            '    with pytest.raises(OrderError):\n        read_order("{")\n',
            '    try:\n        read_order("{")\n    except OrderError:\n        pass\n',
        ),
        "tests/test_orders.py",
    ),
)

OTHER_FILES: tuple[tuple[str, Level, str, str, str], ...] = (
    ("YAML broken", Level.SYNTAX, "deploy/app.yaml", "a: 1\nb:\n  - x\n", "a: 1\nb:\n  - x\n c: [\n"),
    ("JSON broken", Level.SYNTAX, "app/data.json", '{"a": 1}\n', '{"a": 1,}\n'),
    ("TOML broken", Level.SYNTAX, "app/settings.toml", "a = 1\n", "a = \n"),
    ("SQL broken", Level.SYNTAX, "sql/orders.sql", "select a from t;\n", "select a from where t;\n"),
    ("shell broken", Level.SYNTAX, "run.sh", "#!/bin/bash\necho ok\n", "#!/bin/bash\nif true; then echo ok\n"),
    ("Dockerfile broken", Level.SYNTAX, "Dockerfile", "FROM python:3.12\nRUN true\n", "FROM python:3.12\nRUNN true\n"),
    ("requirement added", _S, "requirements.txt", "flask==3.0\n", "flask==3.0\nreqeusts==1.0\n"),
    (
        "dependency added",
        _S,
        "pyproject.toml",
        '[project]\nname = "a"\ndependencies = ["flask"]\n',
        '[project]\nname = "a"\ndependencies = ["flask", "leftpad"]\n',
    ),
)
