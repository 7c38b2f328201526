"""What an operator is: a small function that yields changes for the nodes it is made for."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tasks.generation.search.scope import Change, Scope

Example = tuple[str, str]
"""A function before, and one of the results expected."""


@dataclass(frozen=True)
class Operator:
    name: str
    nodes: tuple[type[ast.AST], ...]
    examples: tuple[Example, ...]
    changes: Callable[[Any, Scope], Iterator[Change]]


def operator(
    *nodes: type[ast.AST], examples: tuple[Example, ...]
) -> Callable[[Callable[[Any, Scope], Iterator[Change]]], Operator]:
    """Turn a generator of changes into an operator named after its module."""

    def define(function: Callable[[Any, Scope], Iterator[Change]]) -> Operator:
        return Operator(function.__module__.rpartition(".")[2], nodes, examples, function)

    return define
