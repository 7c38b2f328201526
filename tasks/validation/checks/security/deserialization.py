"""Data that becomes objects, and archives that become files, wherever they like."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.models import ValidationIssue
from tasks.validation.change import House
from tasks.validation.checks.security.call_rules import CallRule, apply_rules, argument, keyword, keyword_is, mentions
from tasks.validation.source import Source

_JSON = "use json, or verify a signature before loading"


def _unsafe_loader(call: ast.Call, source: Source) -> bool:
    loader = argument(call, 1, "Loader")
    return loader is None or mentions(loader, "^(Loader|UnsafeLoader|FullLoader|CLoader|CFullLoader|CUnsafeLoader)$")


def _extracts_member(call: ast.Call, source: Source) -> bool:
    """`tar.extract(member)` without a filter, in a file that works with tar archives."""
    return keyword(call, "filter") is None and any(origin.startswith("tarfile") for origin in source.aliases.values())


RULES = (
    CallRule(
        "unsafe-deserialization",
        r"(_pickle|cloudpickle)\.(load|loads|Unpickler)",
        "builds any object that the data names",
        _JSON,
    ),
    CallRule(
        "unsafe-deserialization",
        r"jsonpickle\.(decode|loads)|marshal\.loads?|shelve\.open|joblib\.load",
        "builds any object that the data names",
        _JSON,
        severity="warning",
    ),
    CallRule(
        "unsafe-deserialization",
        r"yaml\.(load|load_all)",
        "builds any object that the document names",
        "use yaml.safe_load",
        _unsafe_loader,
    ),
    CallRule(
        "unsafe-deserialization",
        r"yaml\.(unsafe_load|unsafe_load_all|full_load|full_load_all)",
        "builds any object that the document names",
        "use yaml.safe_load",
    ),
    CallRule(
        "unsafe-deserialization",
        r"numpy\.load",
        "unpickles what the file holds",
        "leave allow_pickle off",
        keyword_is("allow_pickle", True),
    ),
    CallRule(
        "unsafe-deserialization",
        r"(pandas|pd)\.read_pickle",
        "unpickles what the file holds",
        "use parquet or csv",
        severity="warning",
    ),
    CallRule(
        "archive-escape",
        r".*\.(extract|extractall)",
        "writes members of an archive wherever their names say",
        'pass filter="data"',
        _extracts_member,
    ),
)


def check_deserialization(source: Source, house: House) -> Iterator[ValidationIssue]:
    yield from apply_rules(RULES, source)
