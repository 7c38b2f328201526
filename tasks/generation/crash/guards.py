"""Guards above the failing statement: return early, skip the item, or refuse, as the code around it would."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from tasks.generation.crash.conventions import guards_of
from tasks.generation.crash.fitting import Fit, fitting_values
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.refusals import import_of, refusals
from tasks.generation.crash.site import CrashSite, Place
from tasks.generation.crash.source import Splice, walk_function

UNCERTAIN_ANSWER = "nothing in the code says what to answer here"
MAX_ANSWERS = 4


def guard_above(
    site: CrashSite, place: Place, condition: str, *, rule: str, subject: str, base: float = 0.0
) -> Iterator[Proposal]:
    """Guards with `condition` (source text) above the failing statement; `subject` is what is missing or broken."""
    function = place.function
    if function is None or place.comprehension is not None:
        return
    source, anchor = place.source, place.anchor
    for body, weight, words in _exits(site, place, subject, condition):
        lines = [f"if {condition}:", *(source.indent_unit + line for line in body)]
        splices = [source.insert_before(anchor, lines)]
        if (needed := import_of(site, source, body[-1])) is not None:
            splices.append(needed)
        found = change(
            f"{rule}:{_kind(body)}", source, splices, base + _belief(weight), f"When `{condition}`, {words}."
        )
        yield found if weight > 0 else found.doubted(UNCERTAIN_ANSWER)


def _kind(body: list[str]) -> str:
    return body[-1].split()[0].replace("continue", "skip")


def _belief(weight: float) -> float:
    return 0.2 + 0.1 * min(weight, 6.0)


def _exits(site: CrashSite, place: Place, subject: str, condition: str) -> Iterator[tuple[list[str], float, str]]:
    """Bodies of the guard with the weight of what speaks for each, and words for the description."""
    assert place.function is not None
    in_loop = place.loop is not None
    if in_loop:
        yield from skips(place)
    share = 0.5 if in_loop else 1.0
    answers = fitting_values(site.project, place.source, place.function)[:MAX_ANSWERS]
    for fit in answers:
        yield [f"return {fit.text}".strip()], fit.weight * share, f"return {fit.text or 'early'}: {fit.reason}"
    for fit in refusals(site, place, subject, condition)[:3]:
        yield [fit.text], fit.weight * _refusal_share(answers), f"refuse with `{fit.text}`: {fit.reason}"


def _refusal_share(answers: list[Fit]) -> float:
    """A documented or annotated answer speaks against refusing."""
    return 0.5 if answers and answers[0].weight >= 3.0 else 1.0


def skips(place: Place) -> Iterator[tuple[list[str], float, str]]:
    """Ways to go on with the loop's next item; first that of the loop itself, bookkeeping included."""
    assert place.function is not None
    loop = place.loop
    for guard in guards_of(place.source, place.function):
        inside = any(above is loop for above in place.source.ancestors(guard.exit))
        if inside and isinstance(guard.exit, ast.Continue) and not _uses_handler_name(guard.handler):
            yield place.source.lines_of(guard.body[0], guard.exit), 5.0, "skip the item as the loop skips others"
    text = (ast.get_docstring(place.function) or "") + (ast.get_docstring(place.source.tree) or "")
    spoken = bool(re.search(r"\b(skip|ignor|left out|leave out|omit|dropp?)", text, re.IGNORECASE))
    yield ["continue"], 4.0 if spoken else 1.5, "skip the item"


def _uses_handler_name(handler: ast.ExceptHandler | None) -> bool:
    if handler is None or handler.name is None:
        return False
    return any(
        isinstance(node, ast.Name) and node.id == handler.name for body in handler.body for node in ast.walk(body)
    )


def guard_named(site: CrashSite, place: Place, node: ast.expr, condition: str, *, rule: str) -> Iterator[Proposal]:
    """The value of `node` gets a name, so that it is made once, and a guard; `condition` holds `{name}`."""
    source, function = place.source, place.function
    if function is None or place.comprehension is not None or not source.starts_its_line(place.anchor):
        return
    name = fresh_name(place, name_for(node))
    renamed = source.replace(node, name)
    assignment = source.insert_before(place.anchor, [f"{name} = {source.code(node)}"]).text
    for proposal in guard_above(site, place, condition.format(name=name), rule=rule, subject=name):
        (changed, splices), *rest = proposal.changes
        guarded = Splice(splices[0].start, splices[0].end, assignment + splices[0].text)
        yield replace(proposal, changes=((changed, (guarded, renamed, *splices[1:])), *rest))


def filter_comprehension(place: Place, condition: str, *, rule: str, confidence: float) -> Iterator[Proposal]:
    """`... if <condition>` on the comprehension around the failing expression."""
    comprehension = place.comprehension
    if comprehension is None:
        return
    last = comprehension.generators[-1]
    node: ast.expr = last.ifs[-1] if last.ifs else last.iter
    if place.node is not None and any(inner is place.node for inner in ast.walk(last.iter)):
        return
    end = place.source.span(node)[1]
    joined = f" and {condition}" if last.ifs else f" if {condition}"
    yield change(rule, place.source, Splice(end, end, joined), confidence, f"Leave out items unless `{condition}`.")


def is_pure(node: ast.expr) -> bool:
    """Whether the expression can be evaluated twice: names, attributes, literals and subscripts of these."""
    return not any(isinstance(part, ast.Call | ast.Await | ast.NamedExpr | ast.Yield) for part in ast.walk(node))


def name_for(node: ast.expr) -> str:
    """A name for the value of a call that is evaluated once and checked: `row` for `cursor.fetchone()`."""
    inner = node.value if isinstance(node, ast.Await) else node
    called = inner.func if isinstance(inner, ast.Call) else inner
    last = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    if last in ("fetchone", "first", "one_or_none"):
        return "row"
    if last in ("match", "search", "fullmatch"):
        return "match"
    if last in ("split", "rsplit", "splitlines"):
        return "parts"
    stem = re.sub(r"^_*(get|find|fetch|load|lookup|read|query)_?", "", last)
    return stem if stem.isidentifier() and len(stem) > 2 else "found"


def fresh_name(place: Place, wanted: str) -> str:
    """`wanted`, or a variation that the function does not use yet."""
    used = set()
    if place.function is not None:
        used = {node.id for node in walk_function(place.function) if isinstance(node, ast.Name)}
        used |= {argument.arg for argument in place.function.args.args}
    return next(name for name in (wanted, f"found_{wanted}", f"{wanted}_value", f"{wanted}_") if name not in used)
