"""A key is not in the mapping.

What it does: `.get` with the default that the use asks for, `setdefault` before an append, `pop` with a default, a
guard above, or the key as the mapping spells it (case, white space, number or text, a near name).

    before    for child in node["children"]:
    after     for child in node.get("children", []):

When it does not apply: the container is not a mapping, or the lookup is inside a library.
"""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterator

from tasks.generation.crash.fitting import fitting_values
from tasks.generation.crash.guards import filter_comprehension, guard_above, is_pure
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.site import CrashSite, Place
from tasks.generation.crash.uses import defaults_for


def propose(site: CrashSite) -> Iterator[Proposal]:
    if "KeyError" not in (site.error.name, *site.error.bases):
        return
    for place in site.places[:2]:
        node = place.node
        if isinstance(node, ast.Subscript):
            yield from _for_subscript(site, place, node)
        elif isinstance(node, ast.Call):
            yield from _for_call(place, node)
        elif isinstance(place.statement, ast.Delete):
            yield from _for_delete(place, place.statement)
        elif isinstance(place.statement, ast.AugAssign) and isinstance(place.statement.target, ast.Subscript):
            yield from _for_subscript(site, place, place.statement.target)


def _for_subscript(site: CrashSite, place: Place, node: ast.Subscript) -> Iterator[Proposal]:
    source = place.source
    box, key = source.code(node.value), source.code(node.slice)
    if isinstance(place.statement, ast.Delete):
        yield from _for_delete(place, place.statement)
        return
    yield from _respelled_key(place, node, site.error.message)
    if isinstance(place.statement, ast.AugAssign) and place.statement.target is node:
        yield from _counted(place, node, box, key)
    else:
        yield from _collected(place, node, box, key)
        yield from _get(site, place, node, box, key)
    if is_pure(node):
        yield from filter_comprehension(place, f"{key} in {box}", rule="filter_missing_key", confidence=0.4)
        yield from guard_above(site, place, f"{key} not in {box}", rule="guard_missing_key", subject=key)


def _get(site: CrashSite, place: Place, node: ast.Subscript, box: str, key: str) -> Iterator[Proposal]:
    source = place.source
    for default, weight in _defaults(site, place, node):
        text = f"{box}.get({key})" if default == "None" else f"{box}.get({key}, {default})"
        words = f"`{default}` when `{box}` has no {key}."
        yield change("get_with_default", source, source.replace(node, text), 0.2 + 0.15 * weight, words)


def _defaults(site: CrashSite, place: Place, node: ast.Subscript) -> list[tuple[str, float]]:
    if isinstance(place.source.parent(node), ast.Return) and place.function is not None:
        fits = fitting_values(site.project, place.source, place.function)[:3]
        return [(fit.text or "None", min(0.7 * fit.weight, 3.0)) for fit in fits]
    return _named_defaults(site, node) + defaults_for(place, node)[:3]


def _named_defaults(site: CrashSite, node: ast.Subscript) -> list[tuple[str, float]]:
    """Defaults that other places of the repository give to the same key."""
    found: dict[str, float] = {}
    for source, call in site.project.calls_of("get"):
        if len(call.args) == 2 and ast.dump(call.args[0]) == ast.dump(node.slice):
            found[source.code(call.args[1])] = 3.0
    return list(found.items())


def _counted(place: Place, node: ast.Subscript, box: str, key: str) -> Iterator[Proposal]:
    statement = place.statement
    assert isinstance(statement, ast.AugAssign)
    source = place.source
    symbol = source.text[source.span(statement.target)[1] : source.span(statement.value)[0]].strip().removesuffix("=")
    kind = place.type_of_expression(statement.value)
    default = {"str": '""', "list": "[]", "float": "0.0"}.get(kind or "", "0")
    text = f"{box}[{key}] = {box}.get({key}, {default}) {symbol.strip()} {source.code(statement.value)}"
    yield change("count_from_default", source, source.replace(statement, text), 0.8, f"Counting starts at `{default}`.")


def _collected(place: Place, node: ast.Subscript, box: str, key: str) -> Iterator[Proposal]:
    """`box[key].append(x)` makes the missing list first."""
    above = place.source.parent(node)
    call = place.source.parent(above) if above is not None else None
    makers = {"append": "[]", "extend": "[]", "add": "set()", "update": "{}"}
    if isinstance(above, ast.Attribute) and isinstance(call, ast.Call) and above.attr in makers:
        text = f"{box}.setdefault({key}, {makers[above.attr]})"
        words = f"The first value of a {key} starts its collection."
        yield change("setdefault", place.source, place.source.replace(node, text), 0.8, words)


def _for_call(place: Place, node: ast.Call) -> Iterator[Proposal]:
    """`pop(key)` and `remove(item)` of what may be gone."""
    if not isinstance(node.func, ast.Attribute) or len(node.args) != 1:
        return
    source = place.source
    if node.func.attr == "pop":
        end = source.span(node.args[0])[1]
        text = source.code(node.args[0])
        splice = source.replace(node.args[0], f"{text}, None")
        unused = isinstance(source.parent(node), ast.Expr)
        assert splice.end == end
        yield change("pop_with_default", source, splice, 0.75 if unused else 0.5, "Popping what is gone yields None.")
    elif node.func.attr == "remove" and isinstance(source.parent(node), ast.Expr):
        start = source.span(node)[1] - len(source.code(node)) + len(source.code(node.func.value)) + 1
        splice = type(source.replace(node, ""))(start, start + len("remove"), "discard")
        yield change("discard", source, splice, 0.7, "Removing what is gone does nothing.")


def _for_delete(place: Place, statement: ast.Delete) -> Iterator[Proposal]:
    if len(statement.targets) != 1 or not isinstance(statement.targets[0], ast.Subscript):
        return
    source, target = place.source, statement.targets[0]
    text = f"{source.code(target.value)}.pop({source.code(target.slice)}, None)"
    yield change(
        "pop_with_default", source, source.replace(statement, text), 0.7, "Deleting what is gone does nothing."
    )


def _respelled_key(place: Place, node: ast.Subscript, message: str) -> Iterator[Proposal]:
    """The key as the mapping spells it, where the mapping's keys are known from the crash."""
    keys = _known_keys(place, node.value)
    try:
        missing = ast.literal_eval(message)
    except (ValueError, SyntaxError):
        return
    source, text = place.source, place.source.code(node.slice)
    if isinstance(missing, str) and not isinstance(node.slice, ast.Constant):
        for suffix in (".strip()", ".lower()", ".upper()", ".title()", ".strip().lower()", ".strip().upper()"):
            if eval_suffix(missing, suffix) in keys and missing not in keys:
                words = f"Look up `{text}` as the mapping spells its keys."
                yield change("normalise_key", source, source.replace(node.slice, f"{text}{suffix}"), 0.82, words)
                return
    if isinstance(missing, str) and missing.lstrip("-").isdigit() and int(missing) in keys:
        yield change("convert_key", source, source.replace(node.slice, f"int({text})"), 0.8, "The keys are numbers.")
    if isinstance(missing, int) and str(missing) in keys:
        yield change("convert_key", source, source.replace(node.slice, f"str({text})"), 0.8, "The keys are text.")
    if isinstance(missing, str) and isinstance(node.slice, ast.Constant):
        near = difflib.get_close_matches(missing, [key for key in keys if isinstance(key, str)], 1, 0.75)
        for name in near:
            quoted = source.quote + name + source.quote
            yield change(
                "nearest_key", source, source.replace(node.slice, quoted), 0.75, f"The key is spelled {name!r}."
            )


def eval_suffix(text: str, suffix: str) -> str:
    """`text` after the chain of argument-less string methods that `suffix` spells."""
    for name in re.findall(r"\.(\w+)\(\)", suffix):
        text = getattr(text, name)()
    return text


def _known_keys(place: Place, box: ast.expr) -> set[object]:
    text = place.frame.locals.get(box.id, ("", ""))[1] if isinstance(box, ast.Name) else ""
    for node in place.source.tree.body:
        if not text and isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(t, ast.Name) and isinstance(box, ast.Name) and t.id == box.id for t in targets):
                return {key.value for key in node.value.keys if isinstance(key, ast.Constant)}
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return {_as_number(k) for k in re.findall(r"[{,]\s*('[^']*'|-?\d+)\s*:", text)}
    return set(value) if isinstance(value, dict) else set()


def _as_number(text: str) -> object:
    return ast.literal_eval(text)
