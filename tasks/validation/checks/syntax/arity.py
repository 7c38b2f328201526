"""Calls of functions of the same file with arguments that they do not take, or without ones that they need."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.source import FunctionNode, Source

_METHOD_DECORATORS = {"staticmethod", "classmethod"}


@dataclass(frozen=True)
class Signature:
    positional: tuple[str, ...]
    required: frozenset[str]
    keyword: frozenset[str]
    takes_any_positional: bool
    takes_any_keyword: bool

    def objection(self, call: ast.Call) -> str | None:
        """Why `call` does not fit; None when it does or when that cannot be known."""
        if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
            return None
        if len(call.args) > len(self.positional) and not self.takes_any_positional:
            return f"takes at most {len(self.positional)} positional arguments, {len(call.args)} given"
        given = set(self.positional[: len(call.args)])
        for keyword in call.keywords:
            if keyword.arg in given:
                return f"gets {keyword.arg!r} twice"
            if keyword.arg not in self.keyword and not self.takes_any_keyword:
                return f"takes no argument {keyword.arg!r}"
            given.add(str(keyword.arg))
        missing = sorted(self.required - given)
        return f"needs {', '.join(map(repr, missing))}" if missing else None


def check_arity(source: Source, house: House) -> Iterator[ValidationIssue]:
    if source.tree is None or source.is_fixture:
        return
    known = _module_callables(source)
    for call in source.calls:
        signature = _signature_of(call, known, source)
        objection = signature.objection(call) if signature else None
        if objection:
            message = f"{ast.unparse(call.func)}() {objection}"
            yield source.issue(Level.SYNTAX, "wrong-arity", "error", call, message, "match the definition in this file")


def _signature_of(call: ast.Call, known: dict[str, Signature], source: Source) -> Signature | None:
    if isinstance(call.func, ast.Name):
        return None if _shadowed(call.func.id, call, source) else known.get(call.func.id)
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) and call.func.value.id == "self":
        return _own_method(call.func.attr, call, source)
    return None


def _module_callables(source: Source) -> dict[str, Signature]:
    """Functions and plain classes that the module binds exactly once."""
    found: dict[str, Signature] = {}
    for node in source.tree.body if source.tree else ():
        if isinstance(node, FunctionNode) and not node.decorator_list and source.bound_by_module[node.name] == 1:
            found[node.name] = _signature(node.args)
        elif isinstance(node, ast.ClassDef) and source.bound_by_module[node.name] == 1:
            constructor = _constructor(node)
            if constructor is not None:
                found[node.name] = _signature(constructor.args, bound=True)
    return found


def _constructor(node: ast.ClassDef) -> FunctionNode | None:
    """`__init__` of a class that nothing else can construct differently."""
    if node.bases or node.keywords or node.decorator_list:
        return None
    methods = {item.name: item for item in node.body if isinstance(item, FunctionNode)}
    constructor = methods.get("__init__")
    if constructor is None or "__new__" in methods or constructor.decorator_list:
        return None
    return constructor


def _own_method(name: str, call: ast.Call, source: Source) -> Signature | None:
    """The method of a class without bases in which `self.name(...)` is called; subclasses must keep its signature."""
    around = source.function_around(call)
    owner = source.parents.get(around) if around is not None else None
    if around is None or not isinstance(owner, ast.ClassDef) or owner.bases or owner.keywords or owner.decorator_list:
        return None
    if not around.args.args or around.args.args[0].arg != "self":
        return None
    named = [item for item in owner.body if isinstance(item, FunctionNode) and item.name == name]
    if len(named) != 1 or name in source.attributes_set:
        return None
    decorators = {item.id if isinstance(item, ast.Name) else "" for item in named[0].decorator_list}
    if decorators - _METHOD_DECORATORS:
        return None
    return _signature(named[0].args, bound="staticmethod" not in decorators)


def _signature(args: ast.arguments, bound: bool = False) -> Signature:
    everything = [item.arg for item in (*args.posonlyargs, *args.args)][int(bound) :]
    needed = everything[: len(everything) - len(args.defaults)] if args.defaults else everything
    only_keyword = [item.arg for item in args.kwonlyargs]
    needed_keyword = [name for name, default in zip(only_keyword, args.kw_defaults, strict=True) if default is None]
    return Signature(
        positional=tuple(everything),
        required=frozenset((*needed, *needed_keyword)),
        keyword=frozenset((*everything, *only_keyword)) - {item.arg for item in args.posonlyargs},
        takes_any_positional=args.vararg is not None,
        takes_any_keyword=args.kwarg is not None,
    )


def _shadowed(name: str, call: ast.Call, source: Source) -> bool:
    """Whether a function, class or comprehension around the call binds the name itself."""
    return any(name in source.bound_within.get(around, ()) for around in source.ancestors(call))
