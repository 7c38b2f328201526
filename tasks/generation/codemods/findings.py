"""From what a scanner reported to the codemods that answer it, and which of bandit's findings an edit removes."""

from __future__ import annotations

import logging
import re
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from tasks.generation.codemods.model import Rule

CWE_OF_WORDS = (
    (r"sql[-_.]?inj|tainted-sql|sqlalchemy-execute-raw|formatted-sql|raw-query|string-concat-query", 89),
    (r"subprocess|os-system|command-inj|shell|exec-use|dangerous-spawn", 78),
    (r"path-trav|path-inj|zip-?slip|tar-?slip|tarfile", 22),
    (r"pickle|deserial|marshal|yaml|jsonpickle|torch-load", 502),
    (r"xxe|xml|expat", 611),
    (r"ssrf", 918),
    (r"md5|sha1|weak-hash|insecure-hash", 327),
    (r"weak-rsa|weak-dsa|insufficient-.*key|key-size", 326),
    (r"cert-validat|disabled-cert|verify|unverified|host-key|hostkey", 295),
    (r"ssl-version|weak-ssl|tls-version|insecure-protocol", 326),
    (r"jwt", 347),
    (r"autoescape|xss|mark-safe|markup|mako", 79),
    (r"hardcoded|hard-coded|secret|credential|password", 798),
    (r"insecure-random|weak-random|pseudo-random", 338),
    (r"timing", 208),
    (r"chmod|permission", 732),
    (r"mktemp|tempfile|tmp", 377),
    (r"eval|exec|code-inj", 95),
    (r"debug", 489),
    (r"timeout", 400),
)
"""Semgrep and like tools name their rules in words; each pattern stands for one weakness."""

_CWE = re.compile(r"cwe[-_/ ]?0*(\d{1,4})", re.IGNORECASE)


def rules_for_finding(rule_id: str, rules: Iterable[Rule]) -> list[Rule]:
    """The rules that remove a finding of this id: named exactly, else by the weakness that the id states or implies."""
    rules = list(rules)
    exact = [rule for rule in rules if rule_id.upper() in {known.upper() for known in rule.finding_ids}]
    if exact:
        return exact
    return rules_for_cwes(cwes_in(rule_id) or _implied(rule_id), rules)


def rules_for_cwes(cwes: Iterable[int], rules: Iterable[Rule]) -> list[Rule]:
    wanted = set(cwes)
    return [rule for rule in rules if wanted & set(rule.cwe)]


def cwes_in(text: str) -> set[int]:
    """The weakness numbers that a text names, e.g. `CWE-89`."""
    return {int(number) for number in _CWE.findall(text)}


def _implied(rule_id: str) -> set[int]:
    lowered = rule_id.lower()
    return {cwe for pattern, cwe in CWE_OF_WORDS if re.search(pattern, lowered)}


@lru_cache(maxsize=32)
def bandit_findings(source: str, path: str) -> Counter[str]:
    """How often each of bandit's tests fires on the source, run in this process; empty for what is not Python."""
    from bandit.core import config, manager

    logging.getLogger("bandit").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="mendflow-bandit-") as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        copy = Path(folder) / Path(path).name
        copy.write_text(source, encoding="utf-8", errors="surrogatepass", newline="")
        scan = manager.BanditManager(config.BanditConfig(), "file")
        scan.discover_files([str(copy)])
        scan.run_tests()
        return Counter(issue.test_id for issue in scan.results)
