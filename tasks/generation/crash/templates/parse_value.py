"""Text that is no number, date, JSON or member of an enumeration.

What it does: cleans the text the way its writer meant it (thousands separators, blanks, a currency or percent sign),
answers for an empty text, or handles the error as the code around does: answer, skip the item, refuse.

    before    return int(text)
    after     try:
                  return int(text)
              except ValueError:
                  return None
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.generation.crash.guards import guard_above, is_pure
from tasks.generation.crash.handlers import handle_error
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.site import CrashSite, Place

_PARSERS = {
    "int",
    "float",
    "complex",
    "Decimal",
    "Fraction",
    "loads",
    "strptime",
    "fromisoformat",
    "UUID",
    "literal_eval",
}
_ERRORS = {"ValueError", "JSONDecodeError", "InvalidOperation", "OverflowError", "ConversionSyntax"}


def propose(site: CrashSite) -> Iterator[Proposal]:
    if site.error.name not in _ERRORS:
        return
    place = site.raising
    call = place.node
    argument = call.args[0] if isinstance(call, ast.Call) and call.args else None
    if argument is not None:
        yield from _cleaned(site, place, argument)
        yield from _empty(site, place, argument)
    for at in site.unintended[:2]:
        share = 1.0 if at is place else 0.8
        yield from handle_error(site, at, site.error.type, share=share)


def _cleaned(site: CrashSite, place: Place, argument: ast.expr) -> Iterator[Proposal]:
    value = rejected_text(site.error.message)
    if value is None:
        return
    source = place.source
    text = source.code(argument)
    if not isinstance(argument, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
        text = f"({text})"
    for suffix, words, confidence in _cleanings(value, place.node):
        wrapped = f"{text}{suffix}" if suffix.startswith(".") else suffix.format(text=text)
        yield change("clean_before_parsing", source, source.replace(argument, wrapped), confidence, words)


def rejected_text(message: str) -> str | None:
    """The text that the parser quotes in its message."""
    found = re.search(
        r"(?:float|base \d+|data|string|Decimal|value)?:? ?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", message
    )
    if found is None:
        return None
    try:
        value = ast.literal_eval(found.group(1))
    except (ValueError, SyntaxError):
        return None
    return value if isinstance(value, str) else None


def _cleanings(value: str, call: ast.expr | None) -> Iterator[tuple[str, str, float]]:
    name = called = ""
    if isinstance(call, ast.Call):
        called = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        name = called
    number = name in ("int", "float", "Decimal")
    bare = value.strip()
    if value != bare and bare:
        yield ".strip()", "Blanks around the value do not matter.", 0.6
    if number and re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", bare):
        yield '.replace(",", "")', "A comma groups thousands.", 0.85
    if number and re.fullmatch(r"[-+]?\d{1,3}([ _'\u00a0\u202f]\d{3})+([.,]\d+)?", bare):
        mark = next(sign for sign in " _'\u00a0\u202f" if sign in bare)
        yield f'.replace({mark!r}, "")', "The mark groups thousands.", 0.75
    if number and re.fullmatch(r"[-+]?\d+,\d{1,2}", bare):
        yield '.replace(",", ".")', "The comma is the decimal mark.", 0.75
    if number and re.fullmatch(
        r"[-+]?[$\u20ac\u00a3]\s?[\d.,]+|[\d.,]+\s?[$\u20ac\u00a3%]|[\d.,]+\s?[A-Za-z]{1,3}", bare
    ):
        strange = "".join(sorted(set(re.sub(r"[\d.,+-]", "", bare))))
        yield f".strip({strange!r})", "The unit is not part of the number.", 0.6
    if called == "int" and re.fullmatch(r"[-+]?\d+\.\d*", bare):
        yield "float({text})", "The number is written with decimals.", 0.75
    if called == "fromisoformat" and bare.endswith("Z"):
        yield '.replace("Z", "+00:00")', "Z means UTC.", 0.85
    if called == "loads" and value.startswith("\ufeff"):
        yield '.lstrip("\\ufeff")', "A byte order mark is not part of the document.", 0.8


def _empty(site: CrashSite, place: Place, argument: ast.expr) -> Iterator[Proposal]:
    """A guard for the empty text alone, when that is what came."""
    message = site.error.message
    empty = rejected_text(message) == "" or "line 1 column 1 (char 0)" in message
    if empty and is_pure(argument) and place.frame.locals:
        text = place.source.code(argument)
        shown = place.frame.locals.get(text, ("", "''"))[1]
        if shown in ("''", "b''", '""'):
            yield from guard_above(site, place, f"not {text}", rule="guard_empty_text", subject=text, base=0.12)
            yield from guard_above(site, place, f"not {text}.strip()", rule="guard_empty_text", subject=text, base=0.1)
