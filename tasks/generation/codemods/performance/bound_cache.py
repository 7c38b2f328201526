"""Bound a cache that grows for ever.

What it does
    Turns `functools.lru_cache(maxsize=None)` and `functools.cache` on a function that takes arguments into
    `lru_cache(maxsize=1024)`.

Why it matters
    A cache keyed by what users send never shrinks: the process grows until it is killed.

Example
    Before: @lru_cache(maxsize=None)
    After:  @lru_cache(maxsize=1024)

When it does not apply
    Functions without parameters (they hold one entry) and methods whose only parameter is `self` or `cls`.

Fix safety
    review: results stay the same; entries beyond 1024 are computed again, and a recursion that leans on the cache for
    more than 1024 open subproblems slows down.

References
    CWE-401; https://docs.python.org/3/library/functools.html#functools.lru_cache
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import argument, expr, with_value
from tasks.models import Domain

SIZE = "1024"


class BoundCache(Codemod):
    def leave_Decorator(self, original_node: cst.Decorator, updated_node: cst.Decorator) -> cst.Decorator:
        function = self.parent(original_node)
        if not isinstance(function, cst.FunctionDef) or not _takes_arguments(function):
            return updated_node
        decorator = original_node.decorator
        if isinstance(decorator, cst.Call):
            return self._bounded_call(original_node, updated_node, decorator)
        if not self.qualified(decorator) & {"functools.cache"}:
            return updated_node
        name = self.name_for("functools.lru_cache")
        if not self.accept(original_node, f"bounded a cache without limit to {SIZE} entries"):
            return updated_node
        return updated_node.with_changes(decorator=cst.Call(name, [_maxsize()]))

    def _bounded_call(self, original: cst.Decorator, updated: cst.Decorator, call: cst.Call) -> cst.Decorator:
        size = argument(call, 0, "maxsize")
        if size is None or not isinstance(size.value, cst.Name) or size.value.value != "None":
            return updated
        if not self.calls(call, {"functools.lru_cache"}):
            return updated
        if not self.accept(original, f"bounded a cache without limit to {SIZE} entries"):
            return updated
        return updated.with_changes(decorator=with_value(call, size, SIZE))


def _takes_arguments(function: cst.FunctionDef) -> bool:
    params = function.params
    names = [p.name.value for p in (*params.posonly_params, *params.params, *params.kwonly_params)]
    named = [name for name in names if name not in ("self", "cls")]
    return bool(named) or isinstance(params.star_arg, cst.Param) or params.star_kwarg is not None


def _maxsize() -> cst.Arg:
    space = cst.SimpleWhitespace("")
    equal = cst.AssignEqual(whitespace_before=space, whitespace_after=space)
    return cst.Arg(keyword=cst.Name("maxsize"), value=expr(SIZE), equal=equal)


RULE = Rule(
    id="bound_cache",
    title="Bound a cache that grows for ever",
    domain=Domain.PERFORMANCE,
    safety="review",
    transformer=BoundCache,
    hints=("cache",),
    cwe=(401, 770),
    exceptions=("MemoryError",),
    words=("memory leak", "out of memory", "oomkilled", "oom", "unbounded cache", "memory grows", "memory usage"),
)

VALID = (
    "from functools import cache\n\n\n@cache\ndef settings():\n    return 1\n",
    "from functools import lru_cache\n\n\n@lru_cache(maxsize=128)\ndef f(x):\n    return x\n",
)
INVALID = (
    (
        "from functools import lru_cache\n\n\n@lru_cache(maxsize=None)  # fast\ndef f(x):\n    return x\n",
        "from functools import lru_cache\n\n\n@lru_cache(maxsize=1024)  # fast\ndef f(x):\n    return x\n",
    ),
    (
        "import functools\n\n\n@functools.cache\ndef f(x):\n    return x\n",
        "import functools\n\n\n@functools.lru_cache(maxsize=1024)\ndef f(x):\n    return x\n",
    ),
)
