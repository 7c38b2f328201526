"""The repository's customs, the team's rules, and compliance profiles."""

from pathlib import Path

import pytest

from tasks.errors import ConfigurationError
from tasks.models import Dependency, FileEdit, Level, RepositoryContext
from tasks.validation.options import ValidationOptions
from tasks.validation.pipeline import CodeValidationPipeline

HOUSE = '''"""A shop."""

import logging

logger = logging.getLogger(__name__)


class ShopError(Exception):
    """Anything wrong in the shop."""


class Item:
    def __init__(self, name: str) -> None:
        self.name = name


def find_item(name: str) -> Item:
    """The item called `name`."""
    if not name:
        raise ShopError("no name")
    logger.info("looking for %s", name)
    return Item(name)


def sell_item(item: Item) -> None:
    """Take the item out."""
    try:
        item.name.encode("ascii")
    except UnicodeEncodeError as error:
        logger.warning("odd name: %s", error)
        raise ShopError("odd name") from error


def buy_item(item: Item) -> None:
    """Put the item in."""
    try:
        logger.info("bought %s", item.name)
    except ValueError as error:
        raise ShopError("not bought") from error


def count_items(items: list[Item]) -> int:
    """How many there are."""
    try:
        return len(items)
    except TypeError as error:
        raise ShopError("no list") from error


def drop_item(item: Item) -> str:
    """Forget the item."""
    return item.name
'''


def issues(after: str, before: str = HOUSE, path: str = "shop/items.py", **given):
    result = CodeValidationPipeline().validate_change([FileEdit(path=path, before=before, after=after)], **given)
    return {(issue.code, issue.severity) for issue in result.issues if issue.level is Level.PATTERNS}


@pytest.mark.parametrize(
    ("addition", "expected"),
    [
        ('def returnItem(item: Item) -> str:\n    """Back."""\n    return item.name\n', ("naming", "error")),
        ("class broken_item(object):\n    number = 1\n", ("naming", "error")),
        ('def show(item: Item) -> None:\n    """Show."""\n    print(item.name)\n', ("print-not-log", "error")),
        (
            "def f(item: Item) -> str:\n"
            '    """F."""\n'
            "    try:\n"
            "        return item.name\n"
            "    except:\n"
            '        return ""\n',
            ("bare-except", "error"),
        ),
        ('def f(item: Item) -> None:\n    """F."""\n    raise Exception("no")\n', ("generic-raise", "error")),
        ("from os.path import *\n", ("star-import", "error")),
        ('def give(item, to):\n    """Give."""\n    return item, to\n', ("untyped-function", "warning")),
    ],
)
def test_names_what_the_file_does_otherwise(addition, expected):
    assert expected in issues(f"{HOUSE}\n\n{addition}")


def test_takes_an_addition_in_the_way_of_the_file():
    addition = (
        "def lend_item(item: Item) -> Item:\n"
        '    """Lend it."""\n'
        '    logger.info("lent %s", item.name)\n'
        "    return item\n"
    )
    assert issues(f"{HOUSE}\n\n{addition}") == set()


def test_takes_names_that_a_base_class_prescribes():
    addition = "class Reader(Item):\n    def readAll(self) -> None:\n        logger.info('all')\n"
    assert issues(f"{HOUSE}\n\n{addition}") == set()


def test_leaves_scripts_and_tests_their_prints():
    addition = 'def show(item: Item) -> None:\n    """Show."""\n    print(item.name)\n'
    assert issues(f"{HOUSE}\n\n{addition}", path="scripts/items.py") == set()
    assert issues(f"{HOUSE}\n\n{addition}", path="tests/test_items.py") == set()


def repository(tmp_path: Path, **given) -> RepositoryContext:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "items.py").write_text(HOUSE, encoding="utf-8")
    return RepositoryContext(root=tmp_path, source_files=("shop/items.py",), **given)


def test_a_new_file_follows_the_repository(tmp_path):
    new = "def payBill(total: float) -> float:\n    return total\n"
    found = issues(new, before=None, path="shop/bills.py", repository=repository(tmp_path))
    assert ("naming", "error") in found


def test_calls_out_a_package_that_the_repository_does_not_declare(tmp_path):
    known = repository(tmp_path, dependencies=(Dependency(name="PyYAML", source="pyproject.toml"),))
    pipeline = CodeValidationPipeline()

    def judge(line: str) -> set[str]:
        after = HOUSE.replace("import logging\n", f"import logging\n{line}\n")
        edit = FileEdit(path="shop/items.py", before=HOUSE, after=after)
        result = pipeline.validate_change([edit], known)
        return {i.code for i in result.issues if i.severity == "error"}

    assert "dependency-undeclared" in judge("import leftpad")
    assert "dependency-undeclared" not in judge("import yaml")
    assert "dependency-undeclared" not in judge("from shop import items")
    assert "dependency-undeclared" not in judge("import tomllib")


def test_parses_on_the_oldest_python_of_the_repository(tmp_path):
    addition = "def kind(item: Item) -> str:\n    match item.name:\n        case _:\n            return 'x'\n"
    after = f"{HOUSE}\n\n{addition}"
    edit = FileEdit(path="shop/items.py", before=HOUSE, after=after)
    old = repository(tmp_path, minimum_python=(3, 9))
    assert not CodeValidationPipeline().validate_change([edit], old).levels[Level.SYNTAX].passed
    new = old.model_copy(update={"minimum_python": (3, 10)})
    assert CodeValidationPipeline().validate_change([edit], new).is_valid


RULES = """
rules:
  - id: no-os-getcwd
    call: os.getcwd
    message: take the folder as an argument
  - id: no-requests
    import: requests
    message: use app.http
    severity: warning
    paths: ["app/**", "!app/http.py"]
  - id: no-shouting
    pattern: "[A-Z]{12}"
    message: lower your voice
    severity: info
"""


def team(tmp_path: Path, text: str = RULES) -> CodeValidationPipeline:
    path = tmp_path / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    return CodeValidationPipeline(ValidationOptions(team_rules=path))


def test_applies_the_rules_of_the_team_to_what_is_new(tmp_path):
    before = "import os\n\nHERE = os.getcwd()\n"
    after = before + "\nTHERE = os.getcwd()\n# ABCDEFGHIJKLM\n\nimport requests  # noqa: E402\n\nprint(requests)\n"
    result = team(tmp_path).validate_change([FileEdit(path="app/a.py", before=before, after=after)])
    found = {(i.code, i.severity, i.line) for i in result.issues if i.code.startswith("no-")}
    assert found == {("no-os-getcwd", "error", 5), ("no-requests", "warning", 8), ("no-shouting", "info", 6)}
    elsewhere = team(tmp_path).validate_change([FileEdit(path="app/http.py", before="", after="import requests\n")])
    assert "no-requests" not in {issue.code for issue in elsewhere.issues}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("rules: [", "no YAML"),
        ("rules:\n  - id: a\n    message: b\n", "exactly one"),
        ("rules:\n  - id: a\n    message: b\n    pattern: '('\n", "regular expression"),
        ("rules:\n  - id: A B\n    message: b\n    call: c\n", "rules.0.id"),
        ("rule: []\n", "rule"),
    ],
)
def test_says_what_is_wrong_with_the_rules(tmp_path, text, named):
    with pytest.raises(ConfigurationError, match=named):
        team(tmp_path, text)


def test_says_that_the_rules_are_missing(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot read"):
        CodeValidationPipeline(ValidationOptions(team_rules=tmp_path / "none.yaml"))


def test_a_profile_makes_its_rules_count():
    edit = FileEdit(path="a.py", before="", after="import requests\n\n\ndef f(url):\n    return requests.get(url)\n")
    assert CodeValidationPipeline().validate_change([edit]).is_valid
    strict = CodeValidationPipeline(ValidationOptions(compliance=("owasp-top-10",)))
    result = strict.validate_change([edit])
    assert not result.levels[Level.SECURITY].passed
    assert "profile owasp-top-10" in result.explanation


def test_an_unknown_profile_is_named_with_those_that_exist():
    with pytest.raises(ConfigurationError, match=r"no compliance profile 'soc'.*owasp-top-10"):
        CodeValidationPipeline(ValidationOptions(compliance=("soc",)))
