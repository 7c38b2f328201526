"""Text and numbers, lists and tuples, bytes and text: operands or arguments of types that do not go together.

What it does: converts the side that the other side's type asks for; makes `json.dumps` show what it does not know as
text.

    before    lines.append("Table " + order["table"])
    after     lines.append("Table " + str(order["table"]))
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.generation.crash.project import called_name
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.site import CrashSite, Place
from tasks.generation.crash.source import Splice


def propose(site: CrashSite) -> Iterator[Proposal]:
    if site.error.name != "TypeError" or "NoneType" in site.error.message:
        return
    place, message = site.raising, site.error.message
    yield from _concatenation(place, message)
    yield from _comparison(place, message)
    yield from _joined(place, message)
    yield from _not_serialisable(place, message)
    yield from _bytes_and_text(place, message)
    yield from _number_expected(place, message)


def _concatenation(place: Place, message: str) -> Iterator[Proposal]:
    node = place.node
    if isinstance(node, ast.BinOp):
        left, right = node.left, node.right
    elif isinstance(place.statement, ast.AugAssign):
        left, right = place.statement.target, place.statement.value
    else:
        return
    found = re.search(
        r"(?:can only concatenate (\w+) \(not \"([\w.]+)\"\) to \w+|for \+=?: '([\w.]+)' and '([\w.]+)')", message
    )
    if found is None:
        found_any = re.search(r"unsupported operand type\(s\) for [^:]+: '([\w.]+)' and '([\w.]+)'", message)
        if found_any is not None:
            yield from _arithmetic(place, left, right, *found_any.groups())
        return
    first, second = found.group(1) or found.group(3), found.group(2) or found.group(4)
    kinds = (first.rsplit(".", 1)[-1], second.rsplit(".", 1)[-1])
    yield from _sum(place, left, right, kinds)


def _sum(place: Place, left: ast.expr, right: ast.expr, kinds: tuple[str, str]) -> Iterator[Proposal]:
    if kinds[0] == "str":
        yield _converted(place, right, "str", 0.85 if _has_text(left) else 0.6)
        if kinds[1] in ("int", "float"):
            yield _converted(place, left, kinds[1], 0.35)
    elif kinds[1] == "str":
        yield (
            _converted(place, right, kinds[0], 0.6)
            if kinds[0] in ("int", "float", "Decimal")
            else _converted(place, left, "str", 0.6)
        )
        yield _converted(place, left, "str", 0.55 if _has_text(right) else 0.35)
    elif {"list", "tuple"} >= set(kinds) or kinds[0] == "list":
        yield _converted(place, right, "list", 0.8)
        if kinds[1] not in ("tuple", "set", "dict_keys", "map", "generator"):
            text = place.source.code(right)
            yield change(
                "wrap_in_list", place.source, place.source.replace(right, f"[{text}]"), 0.5, "One item is added."
            )
    elif kinds == ("float", "Decimal") or kinds == ("Decimal", "float"):
        yield from _decimal(place, left, right, kinds)


def _decimal(place: Place, left: ast.expr, right: ast.expr, kinds: tuple[str, str]) -> Iterator[Proposal]:
    wrong = left if "float" in kinds[0] else right
    text = place.source.code(wrong)
    yield change(
        "exact_decimal",
        place.source,
        place.source.replace(wrong, f"Decimal(str({text}))"),
        0.8,
        "The float becomes a Decimal.",
    )
    other = right if wrong is left else left
    yield _converted(place, other, "float", 0.35)


def _has_text(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in ast.walk(node))


def _arithmetic(place: Place, left: ast.expr, right: ast.expr, first: str, second: str) -> Iterator[Proposal]:
    number = {"int", "float", "decimal.Decimal", "Decimal"}
    if first == "str" and second in number | {"str"}:
        kind = "float" if second == "str" else second.rsplit(".", 1)[-1]
        both = [place.source.replace(left, f"{kind}({place.source.code(left)})")]
        if second == "str":
            both.append(place.source.replace(right, f"{kind}({place.source.code(right)})"))
        yield change("convert_operand", place.source, both, 0.6, "The text is a number.")
    elif second == "str" and first in number:
        yield _converted(place, right, first.rsplit(".", 1)[-1], 0.65)
    elif {first.rsplit(".", 1)[-1], second.rsplit(".", 1)[-1]} == {"float", "Decimal"}:
        yield from _decimal(place, left, right, (first.rsplit(".", 1)[-1], second.rsplit(".", 1)[-1]))
    elif {"list", "tuple", "set"} & {first, second} and first != second:
        yield _converted(place, left if first != "set" else right, "set" if "set" in (first, second) else "list", 0.6)


def _converted(place: Place, node: ast.expr, kind: str, confidence: float) -> Proposal:
    text = place.source.code(node)
    words = f"`{text}` is converted with {kind}."
    return change("convert_operand", place.source, place.source.replace(node, f"{kind}({text})"), confidence, words)


def _comparison(place: Place, message: str) -> Iterator[Proposal]:
    found = re.search(r"not supported between instances of '(\w+)' and '(\w+)'", message)
    if found is None or not isinstance(place.node, ast.Compare):
        if found is not None:
            yield from _sorting(place, found.groups())
        return
    left, right = place.node.left, place.node.comparators[0]
    kinds = found.groups()
    if "str" in kinds and set(kinds) & {"int", "float"}:
        text, kind = (left, kinds[1]) if kinds[0] == "str" else (right, kinds[0])
        yield _converted(place, text, kind, 0.7)
        yield _converted(place, text, "float" if kind == "int" else "int", 0.5)


def _sorting(place: Place, kinds: tuple[str, ...]) -> Iterator[Proposal]:
    """`sorted` over values of several types: by their text."""
    node = place.node
    if not isinstance(node, ast.Call) or called_name(node) not in ("sorted", "sort", "max", "min"):
        return
    if all(keyword.arg != "key" for keyword in node.keywords):
        end = place.source.span(node)[1] - 1
        splice = Splice(end, end, f"{', ' if node.args or node.keywords else ''}key=str")
        yield change("sort_by_text", place.source, splice, 0.5, "Values are ordered by their text.")


def _joined(place: Place, message: str) -> Iterator[Proposal]:
    """`", ".join(numbers)`."""
    if "expected str instance" not in message:
        return
    for call in (node for node in ast.walk(place.statement) if isinstance(node, ast.Call)):
        if called_name(call) == "join" and call.args:
            argument = call.args[0]
            if isinstance(argument, ast.GeneratorExp | ast.ListComp):
                text = place.source.code(argument.elt)
                splice = place.source.replace(argument.elt, f"str({text})")
            else:
                splice = place.source.replace(argument, f"map(str, {place.source.code(argument)})")
            yield change("join_as_text", place.source, splice, 0.88, "The items are joined as text.")


def _not_serialisable(place: Place, message: str) -> Iterator[Proposal]:
    found = re.search(r"Object of type (\w+) is not JSON serializable", message)
    if found is None:
        return
    for call in (node for node in ast.walk(place.statement) if isinstance(node, ast.Call)):
        if called_name(call) in ("dumps", "dump") and not any(keyword.arg == "default" for keyword in call.keywords):
            end = place.source.span(call)[1] - 1
            maker = {"set": "sorted", "Decimal": "float", "frozenset": "sorted"}.get(found.group(1), "str")
            for form in dict.fromkeys((maker, "str", "list" if maker == "sorted" else "str")):
                confidence = 0.75 if form == maker else 0.5
                splice = Splice(end, end, f", default={form}")
                yield change("json_default", place.source, splice, confidence, f"JSON shows it through {form}.")


def _bytes_and_text(place: Place, message: str) -> Iterator[Proposal]:
    source, node = place.source, place.node
    if (
        "a bytes-like object is required, not 'str'" in message
        or "Strings must be encoded before hashing" in message
        or "string argument without an encoding" in message
        or "must be bytes" in message
    ):
        for target in _arguments(node):
            yield change(
                "encode_argument",
                source,
                source.replace(target, f"{_atom(place, target)}.encode()"),
                0.78,
                "Text becomes bytes.",
            )
    if (
        "cannot use a string pattern on a bytes-like object" in message
        or "must be str, not bytes" in message
        or "expected str, bytes" in message
    ):
        for target in _arguments(node):
            yield change(
                "decode_argument",
                source,
                source.replace(target, f"{_atom(place, target)}.decode()"),
                0.75,
                "Bytes become text.",
            )
    if re.search(r"can't concat str to bytes|concatenate str \(not \"bytes\"\)", message) and isinstance(
        node, ast.BinOp
    ):
        verb = "encode" if "to bytes" in message else "decode"
        yield change(
            "convert_text",
            source,
            source.replace(node.right, f"{_atom(place, node.right)}.{verb}()"),
            0.75,
            "Both sides are alike.",
        )


def _arguments(node: ast.expr | None) -> list[ast.expr]:
    if isinstance(node, ast.Call):
        plain = [argument for argument in node.args if not isinstance(argument, ast.Starred)]
        return sorted(plain, key=lambda argument: isinstance(argument, ast.Constant))
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    return []


def _atom(place: Place, node: ast.expr) -> str:
    text = place.source.code(node)
    return text if isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.Constant) else f"({text})"


def _number_expected(place: Place, message: str) -> Iterator[Proposal]:
    """A text or a float where an integer index or count is needed."""
    if not re.search(
        r"'(str|float)' object cannot be interpreted as an integer|must be integers"
        r"|integer argument expected|slice indices must be",
        message,
    ):
        return
    node = place.node
    targets: list[ast.expr] = []
    if isinstance(node, ast.Call):
        targets = [argument for argument in node.args if not isinstance(argument, ast.Constant)]
    elif isinstance(node, ast.Subscript):
        targets = [
            part
            for part in ([node.slice.lower, node.slice.upper] if isinstance(node.slice, ast.Slice) else [node.slice])
            if part is not None
        ]
    for target in targets:
        source = place.source
        if isinstance(target, ast.BinOp) and isinstance(target.op, ast.Div):
            start = source.span(target.left)[1]
            at = source.text.index("/", start)
            yield change("whole_division", source, Splice(at, at + 1, "//"), 0.85, "The division is a whole one.")
        yield _converted(place, target, "int", 0.75)
