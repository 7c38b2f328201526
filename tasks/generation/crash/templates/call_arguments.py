"""A call and the function it calls disagree about the arguments.

What it does: passes the argument that is missing (the variable of that name, or what other calls pass), drops or
renames the one that is too many, gives the parameter a default, or adds the forgotten `self`.

    before    outbox.append(format_message(title, body))
    after     outbox.append(format_message(title, body, severity))
"""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterator

from tasks.generation.crash.conventions import names_in_scope
from tasks.generation.crash.fitting import ZERO_VALUES, annotation_kinds
from tasks.generation.crash.project import called_name
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.site import CrashSite, Place
from tasks.generation.crash.source import Function, SourceFile, Splice

_MISSING = re.compile(r"missing \d+ required (?:positional|keyword-only) arguments?: (.+)$")
_UNEXPECTED = re.compile(r"got an unexpected keyword argument '(\w+)'")
_TOO_MANY = re.compile(r"takes (?:from \d+ to )?(\d+) positional arguments? but (\d+)")
_TWICE = re.compile(r"got multiple values for argument '(\w+)'")


def propose(site: CrashSite) -> Iterator[Proposal]:
    message = site.error.message
    if site.error.name != "TypeError" or "argument" not in message:
        return
    place = site.raising
    call = place.node if isinstance(place.node, ast.Call) else _call_on(place, message)
    if call is None:
        return
    definitions = _definitions(site, call, message)
    if found := _MISSING.search(message):
        yield from _missing(site, place, call, re.findall(r"'(\w+)'", found.group(1)), definitions)
    if found := _UNEXPECTED.search(message):
        yield from _unexpected(place, call, found.group(1), definitions)
    if found := _TOO_MANY.search(message):
        yield from _too_many(place, call, int(found.group(1)), int(found.group(2)), definitions)
    if found := _TWICE.search(message):
        yield from _dropped_keyword(place, call, found.group(1), 0.5)


def _call_on(place: Place, message: str) -> ast.Call | None:
    name = re.split(r"[.(]", message.split("(")[0])[-1]
    calls = [node for node in ast.walk(place.statement) if isinstance(node, ast.Call)]
    return next((call for call in calls if called_name(call) == name), None)


def _definitions(site: CrashSite, call: ast.Call, message: str) -> list[tuple[SourceFile, Function]]:
    """The functions that the call may mean; a class means its `__init__`."""
    name = called_name(call)
    qualified = message.split("()")[0]
    named = list(site.project.functions_named(name))
    for source, node in site.project.classes():
        if node.name in (name, qualified.split(".")[0]):
            named += [
                (source, item)
                for item in node.body
                if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and item.name in ("__init__", name)
            ]
    exact = [(source, function) for source, function in named if source.qualified_name(function) == qualified]
    return exact or named


def _missing(
    site: CrashSite, place: Place, call: ast.Call, names: list[str], definitions: list[tuple[SourceFile, Function]]
) -> Iterator[Proposal]:
    values = [_value_for(site, place, call, name) for name in names]
    if all(values):
        texts = [
            f"{name}={value}" if _by_keyword(call, definitions, name) else str(value)
            for name, value in zip(names, values, strict=True)
        ]
        sure = all(value == name for name, value in zip(names, values, strict=True))
        words = f"The call passes {', '.join(names)}."
        yield change(
            "pass_argument", place.source, _append(place, call, ", ".join(texts)), 0.85 if sure else 0.6, words
        )
    for source, function in definitions[:2]:
        yield from _forgotten_self(source, function, names)
        splices = _defaults(source, function, names)
        if splices:
            words = f"{', '.join(names)} may be left out."
            yield change("default_argument", source, splices, 0.35, words)


def _value_for(site: CrashSite, place: Place, call: ast.Call, name: str) -> str | None:
    """The variable of that name, an attribute of that name on what is in scope, or what other calls pass."""
    function = place.function
    scope = names_in_scope(function, place.statement.lineno) if function is not None else set()
    if name in scope:
        return name
    if "self" in scope:
        owner = place.source.enclosing(place.statement, ast.ClassDef)
        if owner is not None and re.search(rf"self\.{re.escape(name)}\s*[:=]", place.source.code(owner)):
            return f"self.{name}"
    for variable in sorted(scope):
        if re.search(rf"\b{re.escape(variable)}\.{re.escape(name)}\b", place.source.code(function) if function else ""):
            return f"{variable}.{name}"
    near = difflib.get_close_matches(name, sorted(scope - {"self"}), 1, 0.8)
    return near[0] if near else _passed_elsewhere(site, place, call, name)


def _passed_elsewhere(site: CrashSite, place: Place, call: ast.Call, name: str) -> str | None:
    """A plain value that other calls of the same function pass under that name."""
    for source, other in site.project.calls_of(called_name(call)):
        if other is call:
            continue
        for keyword in other.keywords:
            if keyword.arg == name and isinstance(keyword.value, ast.Constant):
                return source.code(keyword.value)
        if len(other.args) > len(call.args) and isinstance(other.args[len(call.args)], ast.Constant):
            return source.code(other.args[len(call.args)])
    return None


def _by_keyword(call: ast.Call, definitions: list[tuple[SourceFile, Function]], name: str) -> bool:
    if call.keywords:
        return True
    keyword_only = any(a.arg == name for _, function in definitions for a in function.args.kwonlyargs)
    return keyword_only or not definitions


def _append(place: Place, call: ast.Call, text: str) -> Splice:
    source = place.source
    end = source.span(call)[1] - 1
    inside = source.text[source.span(call.func)[1] : end].strip(" (\n\t")
    if inside.endswith(","):
        last = max(source.span(node)[1] for node in [*call.args, *(k.value for k in call.keywords)])
        return Splice(last, last, f", {text}")
    while source.text[end - 1] in " \n\t" and inside:
        end -= 1
    return Splice(end, end, f", {text}" if inside else text)


def _forgotten_self(source: SourceFile, function: Function, names: list[str]) -> Iterator[Proposal]:
    """A method without `self` (or a function in a class that should be static)."""
    if not isinstance(source.parent(function), ast.ClassDef) or function.decorator_list:
        return
    first = function.args.args[0].arg if function.args.args else ""
    if first in ("self", "cls"):
        return
    yield change(
        "static_method", source, source.insert_before(function, ["@staticmethod"]), 0.6, "The method uses no instance."
    )
    yield from _add_self(source, function)


def _add_self(source: SourceFile, function: Function) -> Iterator[Proposal]:
    start = source.text.index("(", source.text.index(f"def {function.name}", source.span(function)[0])) + 1
    text = "self, " if function.args.args else "self"
    yield change("add_self", source, Splice(start, start, text), 0.7, "The method takes its instance.")


def _defaults(source: SourceFile, function: Function, names: list[str]) -> list[Splice]:
    """Defaults for the named parameters and those behind them that have none."""
    listed = [*function.args.posonlyargs, *function.args.args]
    without = listed[: len(listed) - len(function.args.defaults)]
    wanted = [argument for argument in without if argument.arg in names]
    if not wanted or without[without.index(wanted[0]) :] != wanted:
        return []
    splices = []
    for argument in wanted:
        optional, kinds = annotation_kinds(argument.annotation) if argument.annotation is not None else (True, [])
        text = "None" if optional or not kinds else ZERO_VALUES.get(kinds[0], "None")
        if text in ("[]", "{}", "set()"):
            text = "None"
        end = source.span(argument)[1]
        splices.append(Splice(end, end, f" = {text}" if argument.annotation is not None else f"={text}"))
    return splices


def _unexpected(
    place: Place, call: ast.Call, name: str, definitions: list[tuple[SourceFile, Function]]
) -> Iterator[Proposal]:
    source = place.source
    keyword = next((keyword for keyword in call.keywords if keyword.arg == name), None)
    given = {keyword.arg for keyword in call.keywords}
    for defined_in, function in definitions[:2]:
        arguments = [*function.args.args, *function.args.kwonlyargs]
        free = [argument.arg for argument in arguments if argument.arg not in given | {"self", "cls"}][0:]
        free = [
            name_
            for at, name_ in enumerate(free)
            if at >= len(call.args) or name_ in {a.arg for a in function.args.kwonlyargs}
        ]
        for rank, wanted in enumerate(sorted(free, key=lambda one: -_alike(name, one))[:3]):
            if keyword is not None:
                start = source.span(keyword)[0]
                likeness = _alike(name, wanted)
                confidence = 0.9 * likeness if likeness > 0.4 else 0.3 - 0.05 * rank
                words = f"The parameter is called {wanted!r}."
                yield change("rename_keyword", source, Splice(start, start + len(name), wanted), confidence, words)
        yield from _accept_keyword(defined_in, function, name)
    yield from _dropped_keyword(place, call, name, 0.3)


def _alike(first: str, second: str) -> float:
    """0..1; one name inside the other counts as near."""
    a, b = first.lower().replace("_", ""), second.lower().replace("_", "")
    if a in b or b in a:
        return 0.92
    return difflib.SequenceMatcher(None, a, b).ratio()


def _accept_keyword(source: SourceFile, function: Function, name: str) -> Iterator[Proposal]:
    listed = [*function.args.args, *function.args.kwonlyargs]
    if listed and not function.args.kwarg and not function.args.vararg:
        last = listed[-1]
        defaults = [*function.args.defaults, *(d for d in function.args.kw_defaults if d is not None)]
        end = max([source.span(last)[1], *(source.span(default)[1] for default in defaults)])
        found = change(
            "accept_keyword", source, Splice(end, end, f", {name}=None"), 0.2, f"{function.name} accepts {name}."
        )
        yield found.doubted("the new parameter is not used")


def _dropped_keyword(place: Place, call: ast.Call, name: str, confidence: float) -> Iterator[Proposal]:
    source = place.source
    for keyword in call.keywords:
        if keyword.arg == name:
            start, end = source.span(keyword)
            before = source.text[:start].rstrip()
            if before.endswith(","):
                start = len(before) - 1
            elif source.text[end : end + 2] == ", ":
                end += 2
            found = change("drop_keyword", source, Splice(start, end, ""), confidence, f"{name} is not passed.")
            yield found.doubted("drops what the caller asked for")


def _too_many(
    place: Place, call: ast.Call, taken: int, given: int, definitions: list[tuple[SourceFile, Function]]
) -> Iterator[Proposal]:
    source = place.source
    for defined_in, function in definitions[:2]:
        first = function.args.args[0].arg if function.args.args else ""
        if (
            isinstance(defined_in.parent(function), ast.ClassDef)
            and first not in ("self", "cls")
            and given == taken + 1
        ):
            yield from _add_self(defined_in, function)
            yield change(
                "static_method",
                defined_in,
                defined_in.insert_before(function, ["@staticmethod"]),
                0.5 if "self" not in defined_in.code(function) else 0.1,
                "The method uses no instance.",
            )
        keyword_only = [argument.arg for argument in function.args.kwonlyargs]
        surplus = given - taken
        if len(keyword_only) >= surplus and len(call.args) >= surplus:
            splices = [
                Splice(source.span(argument)[0], source.span(argument)[0], f"{name}=")
                for argument, name in zip(call.args[-surplus:], keyword_only, strict=False)
            ]
            yield change("pass_by_keyword", source, splices, 0.8, "The parameter is keyword-only.")
    if call.args and given - taken == 1:
        start, end = source.span(call.args[-1])
        if len(call.args) > 1:
            start = source.span(call.args[-2])[1]
        found = change("drop_argument", source, Splice(start, end, ""), 0.3, "The last argument is not passed.")
        yield found.doubted("drops what the caller passed")
