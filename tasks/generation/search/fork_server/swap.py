"""Putting a candidate's function into the running process, and taking it out again."""

from __future__ import annotations
import __future__

import functools
import gc
import os
import types
from collections.abc import Iterator
from typing import Any


class CannotSwap(Exception):
    """The change needs a fresh import."""


def code_key(code: types.CodeType) -> tuple[Any, ...]:
    """Equal for functions that compute the same by the same bytecode, wherever they stand."""
    constants = tuple(
        code_key(value) if isinstance(value, types.CodeType) else (type(value).__name__, repr(value))
        for value in code.co_consts
    )
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    handlers = getattr(code, "co_exceptiontable", b"")
    return (code.co_code, constants, names, code.co_flags, code.co_argcount, code.co_kwonlyargcount, handlers)


class Swapper:
    """Knows every function object of the repository by where its code begins."""

    def __init__(self, root: str) -> None:
        self._root = root + os.sep
        self._functions: dict[tuple[str, int, str], list[types.FunctionType]] = {}
        self._caches: list[Any] = []
        for found in gc.get_objects():
            if type(found) is types.FunctionType:
                code = found.__code__
                if code.co_filename.startswith(self._root):
                    self._functions.setdefault(_place(code), []).append(found)
            elif type(found) is functools._lru_cache_wrapper and self._is_own(found.__wrapped__):
                self._caches.append(found)

    def _is_own(self, cached: Any) -> bool:
        code = getattr(cached, "__code__", None)
        return code is not None and str(code.co_filename).startswith(self._root)

    def clear_caches(self) -> None:
        for cache in self._caches:
            cache.cache_clear()

    def all_functions(self) -> list[list[types.FunctionType]]:
        return list(self._functions.values())

    def functions_at(self, path: str, line: int, name: str) -> list[types.FunctionType]:
        return self._functions.get((self._root + path, line, name), [])

    def compile(self, unit: dict[str, Any], source: str) -> types.CodeType:
        """Code of the unit's function from its new text; SyntaxError when it is none."""
        header = "".join(" " * depth + opening + "\n" for depth, opening in enumerate(unit["openings"]))
        padding = "\n" * max(0, unit["def_line"] - 1 - len(unit["openings"]))
        flags = __future__.annotations.compiler_flag if unit["future_annotations"] else 0
        filename = self._root + unit["path"]
        module = compile(padding + header + source, filename, "exec", flags, dont_inherit=True)
        code: types.CodeType = module
        for name in [*unit["classes"], unit["name"]]:
            code = next(c for c in code.co_consts if isinstance(c, types.CodeType) and c.co_name == name)
        return code

    def apply(self, unit: dict[str, Any], code: types.CodeType, defaults_source: str | None) -> list[Any]:
        """Swap; returns what `restore` needs. Raises CannotSwap when no live function takes the code."""
        targets = self.functions_at(unit["path"], unit["line"], unit["name"])
        if not targets:
            raise CannotSwap("no live function")
        saved: list[Any] = [(f, f.__code__, f.__defaults__, f.__kwdefaults__) for f in targets]
        old = targets[0].__code__
        pairs = list(self._live_inner(old, code))
        saved += [(f, f.__code__, f.__defaults__, f.__kwdefaults__) for f, _ in pairs]
        try:
            for function, inner in pairs:
                function.__code__ = inner
            for function in targets:
                if defaults_source is not None:
                    function.__defaults__, function.__kwdefaults__ = self._defaults(function, unit, defaults_source)
                function.__code__ = code
        except Exception as error:
            self.restore(saved)
            raise CannotSwap(str(error)) from error
        return saved

    def restore(self, saved: list[Any]) -> None:
        for function, code, defaults, keyword_defaults in saved:
            function.__code__ = code
            function.__defaults__ = defaults
            function.__kwdefaults__ = keyword_defaults

    def _defaults(self, function: types.FunctionType, unit: dict[str, Any], source: str) -> tuple[Any, Any]:
        header = "".join(" " * depth + opening + "\n" for depth, opening in enumerate(unit["openings"]))
        namespace = dict(function.__globals__)
        exec(compile(header + source, "<defaults>", "exec", dont_inherit=True), namespace)
        found: Any = namespace
        for name in unit["classes"]:
            found = vars(found[name])
        made = found[unit["name"]]
        return made.__defaults__, made.__kwdefaults__

    def _live_inner(
        self, old: types.CodeType, new: types.CodeType
    ) -> Iterator[tuple[types.FunctionType, types.CodeType]]:
        """Living closures made by `old`, each with the code that `new` has in its place."""
        before, after = _inner_codes(old), _inner_codes(new)
        for index, inner in enumerate(before):
            living = self._functions.get(_place(inner), [])
            if not living:
                continue
            if [c.co_name for c in before] != [c.co_name for c in after]:
                raise CannotSwap("the closures changed")
            for function in living:
                yield function, after[index]


def _inner_codes(code: types.CodeType) -> list[types.CodeType]:
    found = []
    for value in code.co_consts:
        if isinstance(value, types.CodeType):
            found.append(value)
            found += _inner_codes(value)
    return found


def _place(code: types.CodeType) -> tuple[str, int, str]:
    return code.co_filename, code.co_firstlineno, code.co_name
