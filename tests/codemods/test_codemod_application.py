"""`apply_codemods` as a whole, and what findings lead to."""

import pytest

from tasks.generation.codemods import RULES, apply_codemods
from tasks.generation.codemods.findings import bandit_findings, rules_for_finding
from tasks.models import Domain

SOURCE = """import hashlib
import random
import requests


def key(url):
    return hashlib.md5(url).hexdigest() + str(random.random())


def load(url):
    return requests.get(url, verify=False)
"""


def test_applies_all_rules_that_need_no_review() -> None:
    text, edits = apply_codemods(SOURCE, "app/load.py")
    assert {edit.rule for edit in edits} == {
        "add_request_timeout",
        "mark_hash_not_for_security",
        "verify_certificates",
    }
    assert "requests.get(url, timeout=30)" in text and "random.random()" in text
    assert all(edit.path == "app/load.py" and edit.line in (7, 11) for edit in edits)


def test_what_is_no_python_comes_back_as_it_is() -> None:
    assert apply_codemods("print 'requests'\n", "a.py") == ("print 'requests'\n", ())


def test_an_accepted_risk_is_left_alone() -> None:
    source = "import requests\nrequests.get(u)  # nosec B113\n"
    assert apply_codemods(source, "a.py", ["add_request_timeout"]) == (source, ())


def test_every_domain_has_rules_and_every_rule_a_weakness() -> None:
    assert {rule.domain for rule in RULES.values()} == set(Domain) - {Domain.GENERAL}
    assert all(rule.cwe for rule in RULES.values())
    assert len(RULES) >= 60


@pytest.mark.parametrize(
    ("finding", "rule"),
    [
        ("B608", "bind_sql_parameters"),
        ("S608", "bind_sql_parameters"),
        ("py/sql-injection", "bind_sql_parameters"),
        ("python.django.security.injection.sql-injection.formatted-sql-query", "bind_sql_parameters"),
        ("python.lang.security.audit.subprocess-shell-true", "run_without_shell"),
        ("CWE-22", "guard_path_traversal"),
        ("python.requests.security.disabled-cert-validation", "verify_certificates"),
        ("b506", "safe_yaml_load"),
    ],
)
def test_a_finding_leads_to_the_rule_that_answers_it(finding: str, rule: str) -> None:
    assert rule in {found.id for found in rules_for_finding(finding, RULES.values())}


def test_an_unknown_finding_leads_nowhere() -> None:
    assert rules_for_finding("E501", RULES.values()) == []


def test_bandit_counts_findings_in_this_process() -> None:
    found = bandit_findings(SOURCE, "app/load.py")
    assert found["B113"] == 1 and found["B501"] == 1 and found["B324"] == 1
    assert not bandit_findings("print 'x'\n", "a.py")


@pytest.mark.parametrize("package", ["sqlite3", "psycopg", "pymysql", "oracledb"])
def test_placeholders_are_those_of_the_driver(package: str) -> None:
    source = f'import {package}\n\n\ndef find(cur, name):\n    cur.execute(f"SELECT a FROM t WHERE b = {{name}}")\n'
    mark = {"sqlite3": "?", "oracledb": ":1"}.get(package, "%s")
    text, _ = apply_codemods(source, "a.py", ["bind_sql_parameters"])
    assert f'cur.execute("SELECT a FROM t WHERE b = {mark}", (name,))' in text


def test_a_declared_dependency_tells_the_driver_and_the_safe_parser() -> None:
    source = 'def find(cur, name):\n    cur.execute(f"SELECT a FROM t WHERE b = {name}")\n'
    assert "%s" in apply_codemods(source, "a.py", ["bind_sql_parameters"], packages=["psycopg2"])[0]
    source = "import xml.dom.minidom\n\nxml.dom.minidom.parse(path)\n"
    text, _ = apply_codemods(source, "a.py", ["use_defused_xml"], packages=["defusedxml"])
    assert text == "import defusedxml.minidom\n\ndefusedxml.minidom.parse(path)\n"
