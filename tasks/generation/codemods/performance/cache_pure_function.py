"""Keep the results of a recursive function.

What it does
    Adds `functools.lru_cache(maxsize=1024)` to a module-level function of hashable-looking parameters that calls
    itself at least twice and reads and changes nothing but its parameters.

Why it matters
    Each call branches into two: the time grows exponentially, though most of the calls repeat earlier ones.

Example
    Before: def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
    After:  @functools.lru_cache(maxsize=1024) above it

When it does not apply
    The function has a decorator, default values, `*args`, or does anything besides arithmetic and pure built-ins.

Fix safety
    hardening: the same results; arguments must be hashable.

References
    CWE-407; https://docs.python.org/3/library/functools.html#functools.lru_cache
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import bound_names, code_of, descendants, with_keyword
from tasks.models import Domain

PURE = {"min", "max", "abs", "sum", "len", "int", "float", "round", "divmod", "pow", "str", "range", "tuple", "bool"}
IMPURE = (
    cst.Yield, cst.Global, cst.Nonlocal, cst.Import, cst.ImportFrom, cst.With, cst.Lambda, cst.FunctionDef,
    cst.Attribute, cst.Subscript, cst.List, cst.Dict, cst.Set,
)  # fmt: skip


class CachePureFunction(Codemod):
    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:
        if (
            original_node.decorators
            or original_node.asynchronous
            or not isinstance(self.parent(original_node), cst.Module)
        ):
            return updated_node
        if not self._is_pure(original_node) or not self.wanted(original_node):
            return updated_node
        cache = self.name_for("functools.lru_cache")
        self.accept(original_node, "keep the results of a function that branches into itself")
        decorator = cst.Decorator(with_keyword(cst.Call(cache), "maxsize", "1024"))
        return updated_node.with_changes(decorators=[decorator])

    def _is_pure(self, function: cst.FunctionDef) -> bool:
        params = function.params
        if params.star_kwarg or isinstance(params.star_arg, cst.Param) or params.kwonly_params or not params.params:
            return False
        if any(p.default is not None for p in params.params):
            return False
        own = {p.name.value for p in params.params} | bound_names(function.body) | {function.name.value}
        calls = 0
        for node in descendants(function.body):
            if isinstance(node, IMPURE):
                return False
            if isinstance(node, cst.Call):
                name = code_of(node.func)
                calls += name == function.name.value
                if name != function.name.value and name not in PURE:
                    return False
            if isinstance(node, cst.Name) and node.value not in own | PURE | {"True", "False", "None", "ValueError"}:
                return False
        return calls >= 2


RULE = Rule(
    id="cache_pure_function",
    title="Keep the results of a recursive function",
    domain=Domain.PERFORMANCE,
    safety="hardening",
    transformer=CachePureFunction,
    hints=("def ",),
    cwe=(407,),
    exceptions=("RecursionError",),
    words=("slow", "exponential", "high cpu", "takes too long", "cpu usage"),
)

VALID = (
    """\
def f(n):
    return n if n < 2 else f(n - 1)
""",
    """\
def f(n):
    print(n)
    return f(n - 1) + f(n - 2)
""",
)
INVALID = (
    (
        """\
import os


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
""",
        """\
import functools
import os


@functools.lru_cache(maxsize=1024)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
""",
    ),
)
