"""Templates on code that really crashes: the first proposal that stops the crash is what a person would write."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import NamedTuple

import pytest

from tasks.generation.crash.catalogue import TEMPLATES
from tasks.generation.crash.project import Project
from tasks.generation.crash.proposal import candidate_of, sorted_proposals
from tasks.generation.crash.site import CrashSite, crash_site
from tasks.generation.trial import observed_from
from tasks.generation.trial_runner import describe_error
from tasks.models import CandidatePatch


class Example(NamedTuple):
    name: str
    source: str
    call: str
    expected: str
    """Lines that the mended file holds, as one text."""


EXAMPLES = [
    Example(
        "guard as the sibling does",
        """
        def email_of(users, key):
            user = users.get(key)
            if user is None:
                return None
            return user["email"]

        def name_of(users, key) -> "str | None":
            user = users.get(key)
            return user["name"].title()
        """,
        "name_of({}, 'x')",
        "    if user is None:\n        return None\n    return user[",
    ),
    Example(
        "documented empty text for a missing header",
        '''
        def token_of(headers: dict) -> str:
            """The token; empty without a header."""
            header = headers.get("Authorization")
            return header.removeprefix("Bearer ")
        ''',
        "token_of({})",
        '    if header is None:\n        return ""\n',
    ),
    Example(
        "none operand",
        """
        class Line:
            price = 4
            discount = None

        def total(line) -> int:
            return line.price - line.price * line.discount
        """,
        "total(Line())",
        "line.price - line.price * (line.discount or 0)",
    ),
    Example(
        "missing list in a document",
        """
        def titles(node: dict) -> list[str]:
            found = [node["title"]]
            for child in node["children"]:
                found.extend(titles(child))
            return found
        """,
        "titles({'title': 'a'})",
        'for child in node.get("children", []):',
    ),
    Example(
        "counting",
        """
        def count(words):
            counts = {}
            for word in words:
                counts[word] += 1
            return counts
        """,
        "count(['a'])",
        "counts[word] = counts.get(word, 0) + 1",
    ),
    Example(
        "collecting",
        """
        def group(pairs):
            groups = {}
            for key, value in pairs:
                groups[key].append(value)
            return groups
        """,
        "group([('a', 1)])",
        "groups.setdefault(key, []).append(value)",
    ),
    Example(
        "key in another case",
        """
        RATES = {"USD": 1.08}

        def rate(code):
            return RATES[code]
        """,
        "rate('usd')",
        "RATES[code.upper()]",
    ),
    Example(
        "refuse as the class does",
        """
        class UnknownItem(Exception):
            pass

        class Stock:
            def __init__(self):
                self.levels = {}
                self.bins = {}

            def level(self, item):
                if item not in self.levels:
                    raise UnknownItem(item)
                return self.levels[item]

            def bin_of(self, item):
                return self.bins[item]
        """,
        "Stock().level('x') if False else Stock().bin_of('x')",
        "        if item not in self.bins:\n            raise UnknownItem(item)\n",
    ),
    Example(
        "mean of nothing",
        """
        def mean(values: list[float]) -> float:
            return sum(values) / len(values)
        """,
        "mean([])",
        "    if not values:\n        return 0.0\n",
    ),
    Example(
        "last of nothing",
        '''
        def newest(rows):
            """The last row, or None when there is none."""
            return rows[-1]
        ''',
        "newest([])",
        "    if not rows:\n        return None\n",
    ),
    Example(
        "first match",
        """
        def find(routes, path) -> str | None:
            return next(route for route in routes if path.startswith(route))
        """,
        "find(['/a'], '/b')",
        "next((route for route in routes if path.startswith(route)), None)",
    ),
    Example(
        "next neighbour",
        """
        def deltas(samples):
            result = []
            for i in range(len(samples)):
                result.append(samples[i + 1] - samples[i])
            return result
        """,
        "deltas([1, 2])",
        "for i in range(len(samples) - 1):",
    ),
    Example(
        "value with the separator",
        """
        def parse(line):
            key, value = line.split("=")
            return key, value
        """,
        "parse('a=b=c')",
        'key, value = line.split("=", 1)',
    ),
    Example(
        "parse as the sibling does",
        """
        def price(text: str) -> float | None:
            try:
                return float(text)
            except ValueError:
                return None

        def quantity(text: str) -> int | None:
            return int(text)
        """,
        "quantity('two')",
        "    try:\n        return int(text)\n    except ValueError:\n        return None\n",
    ),
    Example(
        "skip with the loop's own bookkeeping",
        """
        def load(rows):
            total, skipped = 0, 0
            for row in rows:
                if not row["id"]:
                    skipped += 1
                    continue
                total += int(row["n"])
            return total, skipped
        """,
        "load([{'id': 'a', 'n': 'x'}])",
        "        except ValueError:\n            skipped += 1\n            continue\n",
    ),
    Example(
        "grouped thousands",
        """
        def amount(text):
            return float(text)
        """,
        "amount('1,204.00')",
        'float(text.replace(",", ""))',
    ),
    Example(
        "empty body alone",
        '''
        import json

        def decode(body: str) -> dict:
            """The answer; no body reads as an empty dict."""
            return json.loads(body)
        ''',
        "decode('')",
        "    if not body:\n        return {}\n",
    ),
    Example(
        "aware now",
        """
        from datetime import datetime, timezone

        def is_over(end, now=None):
            if now is None:
                now = datetime.utcnow()
            return end <= now
        """,
        "is_over(datetime(2026, 1, 1, tzinfo=timezone.utc))",
        "now = datetime.now(timezone.utc)",
    ),
    Example(
        "argument in scope",
        """
        def line(title, level):
            return f"{level}: {title}"

        def show(title, level="info"):
            return line(title)
        """,
        "show('x')",
        "return line(title, level)",
    ),
    Example(
        "keyword renamed",
        """
        def page(text, *, priority="normal"):
            return text, priority

        def call(text):
            return page(text, prio="high")
        """,
        "call('x')",
        'page(text, priority="high")',
    ),
    Example(
        "method without self",
        """
        class Box:
            def size():
                return 3

        def show(box):
            return box.size()
        """,
        "show(Box())",
        "def size(self):",
    ),
    Example(
        "misspelled attribute",
        """
        class Job:
            def __init__(self):
                self.last_error = "x"

        def show(job):
            return job.last_eror
        """,
        "show(Job())",
        "return job.last_error",
    ),
    Example(
        "attribute set by another method only",
        """
        class Link:
            def __init__(self):
                self.name = "a"

            def open(self):
                self.handle = object()

            def close(self):
                if self.handle is not None:
                    self.handle = None
        """,
        "Link().close()",
        '        self.name = "a"\n        self.handle = None\n',
    ),
    Example(
        "forgotten import",
        """
        def pause(seconds):
            return math.ceil(seconds)
        """,
        "pause(0.5)",
        "import math\n",
    ),
    Example(
        "no branch taken",
        '''
        RATES = {"standard": 0.2, "zero": 0.0}

        def rate(kind):
            """The standard rate when nothing else applies."""
            if kind == "export":
                found = RATES["zero"]
            elif kind == "home":
                found = RATES["standard"]
            return found
        ''',
        "rate('x')",
        '    found = RATES["standard"]\n    if kind',
    ),
    Example(
        "moved name",
        """
        def is_mapping(value):
            from collections import Mapping

            return isinstance(value, Mapping)
        """,
        "is_mapping({})",
        "from collections.abc import Mapping",
    ),
    Example(
        "number in a text",
        """
        def label(table):
            return "Table " + table
        """,
        "label(4)",
        '"Table " + str(table)',
    ),
    Example(
        "numbers joined",
        """
        def row(values):
            return ";".join(values)
        """,
        "row([1, 2])",
        '";".join(map(str, values))',
    ),
    Example(
        "unhashable values",
        """
        def unique(values):
            seen = set()
            result = []
            for value in values:
                if value not in seen:
                    seen.add(value)
                    result.append(value)
            return result
        """,
        "unique([[1], [1]])",
        "seen.append(value)",
    ),
    Example(
        "object read as a mapping",
        """
        class User:
            email = "a"

        def mail(user):
            return user["email"]
        """,
        "mail(User())",
        "return user.email",
    ),
    Example(
        "time in a document",
        """
        import json
        from datetime import datetime

        def show(event):
            return json.dumps(event)
        """,
        "show({'at': datetime(2026, 1, 1)})",
        "json.dumps(event, default=str)",
    ),
    Example(
        "forgotten await",
        """
        import asyncio

        async def fetch():
            return [1]

        async def size():
            rows = fetch()
            return len(rows)
        """,
        "asyncio.run(size())",
        "rows = await fetch()",
    ),
    Example(
        "deleting while walking",
        """
        def purge(entries):
            for key in entries:
                if entries[key] is None:
                    del entries[key]
        """,
        "purge({'a': None, 'b': None})",
        "for key in list(entries):",
    ),
    Example(
        "setter that calls itself",
        """
        class Gauge:
            def __init__(self):
                self._value = 0

            @property
            def value(self):
                return self._value

            @value.setter
            def value(self, new):
                self.value = new
        """,
        "setattr(Gauge(), 'value', 1)",
        "        self._value = new\n",
    ),
    Example(
        "folder of the year",
        """
        def save(path, text):
            path.write_text(text)
        """,
        "save(root / 'new' / 'a.txt', 'x')",
        "    path.parent.mkdir(parents=True, exist_ok=True)\n",
    ),
    Example(
        "file of an earlier run",
        '''
        def load(path) -> dict:
            """What is stored; an empty dict on the first run."""
            return {"text": path.read_text()}
        ''',
        "load(root / 'none')",
        "    if not path.exists():\n        return {}\n",
    ),
    Example(
        "handler of a kindred error",
        """
        def is_up(connect) -> bool:
            try:
                connect()
            except ConnectionRefusedError:
                return False
            return True

        def hang():
            raise TimeoutError("timed out")
        """,
        "is_up(hang)",
        "except (ConnectionRefusedError, TimeoutError):",
    ),
    Example(
        "check that the sibling makes",
        """
        class ApiError(Exception):
            pass

        def product(answer):
            if "error" in answer:
                raise ApiError(answer["error"])
            return answer["data"]

        def stock(answer):
            return answer["data"]["quantity"]
        """,
        "stock({'error': 'gone'})",
        'def stock(answer):\n    if "error" in answer:\n        raise ApiError(answer["error"])\n',
    ),
    Example(
        "pairs of a mapping",
        """
        def show(labels):
            return ",".join(f"{key}={value}" for key, value in sorted(labels))
        """,
        "show({'app': 'x'})",
        "in sorted(labels.items()))",
    ),
    Example(
        "day and point in time",
        """
        from datetime import date, datetime

        def days_left(expires, today):
            return (expires - today).days
        """,
        "days_left(date(2026, 1, 5), datetime(2026, 1, 1, 12))",
        "(expires - today.date()).days",
    ),
    Example(
        "documented member of an enumeration",
        '''
        from enum import Enum

        class Status(Enum):
            OPEN = "open"
            OTHER = "other"

        def parse(text: str) -> Status:
            """The status; Status.OTHER for what is not known."""
            return Status(text)
        ''',
        "parse('paused')",
        "    except ValueError:\n        return Status.OTHER\n",
    ),
    Example(
        "epoch in milliseconds",
        """
        from datetime import datetime, timezone

        def at(value):
            return datetime.fromtimestamp(value, timezone.utc)
        """,
        "at(1762500000000)",
        "value / 1000 if value > 1e11 else value",
    ),
]


def site_of(folder: Path, example: Example) -> CrashSite:
    """The crash site that running the example's call leads to."""
    path = folder / "service.py"
    path.write_text(textwrap.dedent(example.source).lstrip())
    error = crash(path, example.call)
    assert error is not None, "the example must crash"
    observed = observed_from(describe_error(error, str(folder)))
    assert observed is not None
    site = crash_site(observed, Project(folder, ("service.py",), ()))
    assert site is not None
    return site


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::DeprecationWarning")
@pytest.mark.skipif(sys.version_info < (3, 11), reason="needs the positions of failing expressions")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_first_mending_proposal_is_the_expected_one(example: Example, tmp_path: Path) -> None:
    root = tmp_path.resolve()
    site = site_of(root, example)
    mended = first_mending(site, root, example)
    assert mended is not None
    after = mended.edits[0].after
    assert after is not None
    assert example.expected in after


def first_mending(site: CrashSite, root: Path, example: Example) -> CandidatePatch | None:
    """The best candidate with which the call goes through, or is refused by an error of the service's own."""
    proposals = sorted_proposals(proposal for template in TEMPLATES for proposal in template(site))
    for proposal in proposals:
        candidate = candidate_of(proposal, site.project)
        if candidate is None or candidate.edits[0].after is None:
            continue
        (root / "service.py").write_text(candidate.edits[0].after)
        error = crash(root / "service.py", example.call)
        if error is None or type(error).__module__ == "service":
            return candidate
    return None


def crash(path: Path, call: str) -> Exception | None:
    """The exception that the call raises in the module at `path`."""
    names: dict[str, object] = {"__name__": "service", "root": path.parent}
    try:
        exec(compile(path.read_text(), str(path), "exec"), names)
        eval(call, names)
    except Exception as error:
        return error
    return None
