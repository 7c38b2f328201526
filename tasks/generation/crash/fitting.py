"""What a function could answer when it has nothing to work with, judged by what the code around it says.

Sources, strongest first: its docstring and return annotation, its own guards, its callers' checks on the result,
and the guards of its siblings.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.generation.crash.conventions import guards_in, guards_of
from tasks.generation.crash.project import Project
from tasks.generation.crash.source import Function, SourceFile, walk_function

ZERO_VALUES = {
    "int": "0",
    "float": "0.0",
    "str": '""',
    "bool": "False",
    "list": "[]",
    "List": "[]",
    "Sequence": "[]",
    "Iterable": "[]",
    "dict": "{}",
    "Dict": "{}",
    "Mapping": "{}",
    "set": "set()",
    "Set": "set()",
    "tuple": "()",
    "Tuple": "()",
    "bytes": 'b""',
    "Decimal": 'Decimal("0")',
    "timedelta": "timedelta(0)",
    "frozenset": "frozenset()",
}

DOCUMENTED_WEIGHT = 3.5
"""From here on the code itself says what the answer is."""

_EMPTY_WORDS = {"list": "[]", "dict": "{}", "mapping": "{}", "string": '""', "str": '""', "text": '""', "tuple": "()"}
_EMPTY_WORDS |= {"set": "set()", "token": '""', "name": '""'}
_WHEN = r"(?:when|if|for|unless|in case|where|otherwise|as long as|without|on|before|until|while|after)\b"
_DOCUMENTED = re.compile(
    rf"\b(None|True|False|-?\d+(?:\.\d+)?|''|\"\"|\[\]|{{}})`*\s+{_WHEN}|\bor\s+`*(None|False|-?\d+(?:\.\d+)?)\b",
)
_DOCUMENTED_NAME = re.compile(rf"\b([A-Z]\w*\.[A-Z][A-Z_]+|[A-Z][A-Z0-9]*_[A-Z0-9_]+)`*\s+{_WHEN}")
_DOCUMENTED_WORD = re.compile(
    rf"\b(zero|nothing|empty(?:\s+(\w+))?)(?:\s+\w+)?\s+{_WHEN}|\ban? empty (\w+)", re.IGNORECASE
)
_DOCUMENTED_OTHERWISE = re.compile(
    rf"{_WHEN}[^.;]{{0,80}}?(?:returns?|is|are|reads as|gives|counts as|yields)\s+`*"
    r"(None|\d+(?:\.\d+)?|zero|\[\]|{})",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Fit:
    """One answer, as source text."""

    text: str
    """An expression; empty for a bare `return`."""
    weight: float
    """0 (nothing speaks for it) to about 6."""
    reason: str


def fitting_values(project: Project, source: SourceFile, function: Function) -> list[Fit]:
    """Answers by falling weight; never empty."""
    votes: dict[str, float] = {}
    reasons: dict[str, str] = {}
    for fit in _voices(project, source, function):
        votes[fit.text] = votes.get(fit.text, 0.0) + fit.weight
        reasons.setdefault(fit.text, fit.reason)
    if not _returns_values(function):
        reasons.setdefault("", "it returns nothing")
        votes[""] = votes.get("", 0.0) + 3.0
    refused = _contradicted(function)
    fits = [Fit(text, weight, reasons[text]) for text, weight in votes.items() if text not in refused]
    if not fits:
        fits = [Fit("None" if _returns_values(function) else "", 0.0, "nothing in the code says otherwise")]
    return sorted(fits, key=lambda fit: -fit.weight)


def _voices(project: Project, source: SourceFile, function: Function) -> Iterator[Fit]:
    yield from _from_docstring(function)
    yield from _from_annotation(function)
    yield from _from_own_returns(source, function)
    yield from _from_shapes(function)
    yield from _from_siblings(source, function)
    yield from _from_callers(project, function)


def _from_docstring(function: Function) -> Iterator[Fit]:
    text = ast.get_docstring(function) or ""
    for found in _DOCUMENTED.finditer(text):
        yield Fit(found.group(1) or found.group(2), 4.0, "its docstring names it")
    for found in _DOCUMENTED_NAME.finditer(text):
        yield Fit(found.group(1), 4.0, "its docstring names it")
    for found in _DOCUMENTED_OTHERWISE.finditer(text):
        yield Fit({"zero": "0"}.get(found.group(1).lower(), found.group(1)), 3.5, "its docstring names it")
    for found in _DOCUMENTED_WORD.finditer(text):
        word = (found.group(2) or found.group(3) or "").lower()
        if found.group(1) and found.group(1).lower() == "zero":
            yield Fit("0", 3.0, "its docstring says zero")
        elif word in _EMPTY_WORDS:
            yield Fit(_EMPTY_WORDS[word], 3.5, "its docstring says empty")
        elif found.group(1) and found.group(1).lower().startswith("empty"):
            yield from (Fit(fit.text, 3.0, "its docstring says empty") for fit in _from_annotation(function))


def _from_annotation(function: Function) -> Iterator[Fit]:
    if function.returns is None:
        return
    optional, kinds = annotation_kinds(function.returns)
    if optional and kinds:
        yield Fit("None", 3.0, "its annotation allows None")
    for kind in kinds:
        if kind in ZERO_VALUES:
            yield Fit(ZERO_VALUES[kind], 0.5 if optional else 2.0, f"it returns {kind}")


def annotation_kinds(annotation: ast.expr) -> tuple[bool, list[str]]:
    """Whether None is allowed, and the outer type names."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except SyntaxError:
            return False, []
    parts = _members(annotation)
    if len(parts) > 1:
        found = [annotation_kinds(part) for part in parts]
        return any(optional for optional, _ in found), [kind for _, kinds in found for kind in kinds]
    if isinstance(annotation, ast.Constant):
        return annotation.value is None, []
    name = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    return False, [_last_name(name)]


def _members(annotation: ast.expr) -> list[ast.expr]:
    """The alternatives of a union, `None` for the other half of `Optional`; the annotation alone for the rest."""
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        return [annotation.left, annotation.right]
    if isinstance(annotation, ast.Subscript):
        name = _last_name(annotation.value)
        if name == "Optional":
            return [annotation.slice, ast.Constant(None)]
        if name == "Union" and isinstance(annotation.slice, ast.Tuple):
            return annotation.slice.elts
    return [annotation]


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _from_own_returns(source: SourceFile, function: Function) -> Iterator[Fit]:
    guards = {id(guard.exit): guard for guard in guards_of(source, function)}
    for node in walk_function(function):
        if isinstance(node, ast.Return) and node.value is not None and is_plain(node.value):
            guard = guards.get(id(node))
            weight = 4.0 if guard is not None and guard.is_absence_check else 2.0
            yield Fit(source.code(node.value), weight, "it already answers so elsewhere")
        elif isinstance(node, ast.Return) and node.value is None:
            yield Fit("", 2.0, "it already returns early")


def _from_shapes(function: Function) -> Iterator[Fit]:
    """The empty value of what the function computes, where nothing is annotated."""
    if function.returns is not None:
        return
    shapes: dict[type[ast.expr], str] = {
        ast.JoinedStr: '""',
        ast.ListComp: "[]",
        ast.List: "[]",
        ast.DictComp: "{}",
        ast.Dict: "{}",
        ast.SetComp: "set()",
        ast.Compare: "False",
    }
    for node in walk_function(function):
        if isinstance(node, ast.Return) and node.value is not None and not is_plain(node.value):
            text = shapes.get(type(node.value))
            if isinstance(node.value, ast.BinOp) and isinstance(node.value.op, ast.Div | ast.Mult | ast.Sub):
                text = "0"
            if text is not None:
                yield Fit(text, 1.2, "it is the empty value of what the function answers")


def is_plain(node: ast.expr) -> bool:
    """A literal, an empty display, or a constant's name: nothing that depends on the arguments."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.UnaryOp):
        return is_plain(node.operand)
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return all(is_plain(item) for item in node.elts)
    if isinstance(node, ast.Dict):
        return all(is_plain(item) for item in (*node.keys, *node.values) if item is not None)
    if isinstance(node, ast.Call):
        named = isinstance(node.func, ast.Name) and node.func.id in ("set", "dict", "list", "Decimal", "timedelta")
        return named and all(is_plain(item) for item in node.args)
    return isinstance(node, ast.Name) and node.id.isupper()


def _from_siblings(source: SourceFile, function: Function) -> Iterator[Fit]:
    own = _return_text(function)
    for guard in guards_in(source):
        if guard.function is function or not guard.is_absence_check:
            continue
        if isinstance(guard.exit, ast.Return) and guard.exit.value is not None and is_plain(guard.exit.value):
            same = own and own == _return_text(guard.function)
            text = source.code(guard.exit.value)
            if same or _fits_annotation(text, function):
                yield Fit(text, 2.0 if same else 1.0, f"{guard.function.name} answers so")


def _fits_annotation(text: str, function: Function) -> bool:
    if function.returns is None:
        return True
    optional, kinds = annotation_kinds(function.returns)
    return (text == "None" and optional) or text in {ZERO_VALUES.get(kind) for kind in kinds}


def _return_text(function: Function) -> str:
    return ast.unparse(function.returns) if function.returns is not None else ""


def _from_callers(project: Project, function: Function) -> Iterator[Fit]:
    for source, call in list(project.calls_of(function.name))[:20]:
        above = source.parent(call)
        if isinstance(above, ast.Await):
            above = source.parent(above)
        if isinstance(above, ast.Compare) and any(
            isinstance(c, ast.Constant) and c.value is None for c in above.comparators
        ):
            yield Fit("None", 2.0, "a caller compares the result with None")
        elif isinstance(above, ast.Assign) and len(above.targets) == 1 and isinstance(above.targets[0], ast.Name):
            yield from _from_checks(source, call, above.targets[0].id)


def _from_checks(source: SourceFile, call: ast.Call, name: str) -> Iterator[Fit]:
    caller = source.function(call)
    for node in walk_function(caller) if caller is not None else ():
        if (
            isinstance(node, ast.Compare)
            and isinstance(node.left, ast.Name)
            and node.left.id == name
            and isinstance(node.comparators[0], ast.Constant)
            and node.comparators[0].value is None
        ):
            yield Fit("None", 2.0, f"{caller.name if caller else 'a caller'} compares the result with None")
            return


def _returns_values(function: Function) -> bool:
    if isinstance(function.returns, ast.Constant) and function.returns.value is None:
        return False
    return any(isinstance(node, ast.Return) and node.value is not None for node in walk_function(function))


def _contradicted(function: Function) -> set[str]:
    """None where the annotation forbids it."""
    if function.returns is None:
        return set()
    optional, kinds = annotation_kinds(function.returns)
    known = any(kind in ZERO_VALUES for kind in kinds)
    return {"None"} if kinds and known and not optional else set()
