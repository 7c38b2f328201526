"""What a failed assertion expected and what came instead, in words."""

from __future__ import annotations

import ast
import re

from tasks.context.display import one_line
from tasks.models import ExceptionInfo

_LONGEST_CODE = 70
_UNITTEST = re.compile(r"^(?P<came>.+?) (?P<sign>!=|not found in|is not|not less than) (?P<wanted>.+?)(?: :.*)?$")
_NOT_RAISED = re.compile(r"DID NOT RAISE .*?(?P<type>\w+)'?>?$|^(?P<unittest>\w+) not raised")
_NEGATED = {ast.NotEq: "something else than", ast.NotIn: "something outside", ast.IsNot: "something else than"}
_SIGNS = {
    ast.Lt: "less than", ast.LtE: "at most", ast.Gt: "more than", ast.GtE: "at least", ast.In: "something in",
}  # fmt: skip


def describe_assertion(exception: ExceptionInfo, code: str | None) -> str:
    """`f(2)` gives `3` where `4` is expected; the bare message when it has no such form."""
    lines = exception.message.strip().splitlines() or [""]
    # pytest puts the message that a test gives itself before the comparison
    headline = next((line for line in lines[:5] if line.startswith("assert ")), lines[0])
    missed = _NOT_RAISED.search(headline)
    if missed:
        return f"{missed['type'] or missed['unittest']} is expected and nothing is raised"
    found = _from_pytest(headline, code) or _from_unittest(headline, code)
    return found or f"an assertion fails: {one_line(headline or code or 'without a message', 120)}"


def _from_pytest(headline: str, code: str | None) -> str | None:
    values, written = _comparison(headline), _comparison(code or "")
    if values is None:
        return _truth(headline, code)
    if written is None or type(written.ops[0]) is not type(values.ops[0]):
        written = values
    came, wanted, subject = values.left, values.comparators[0], written.left
    if _is_plain(written.left) and not _is_plain(written.comparators[0]):
        came, wanted, subject = wanted, came, written.comparators[0]  # `assert 4 == f(2)`
        if not isinstance(values.ops[0], ast.Eq | ast.NotEq | ast.Is | ast.IsNot):
            return None
    return _sentence(subject, came, wanted, values.ops[0])


def _sentence(subject: ast.expr, came: ast.expr, wanted: ast.expr, sign: ast.cmpop) -> str:
    how = _NEGATED.get(type(sign)) or _SIGNS.get(type(sign))
    expected = f"{how} {_shown(wanted)}" if how else _shown(wanted)
    if ast.dump(subject) == ast.dump(came):
        return f"{_shown(came)} comes where {expected} is expected"
    return f"{_shown(subject)} gives {_shown(came)} where {expected} is expected"


def _truth(headline: str, code: str | None) -> str | None:
    """`assert f(2)`: the value that came was false, or true under `not`."""
    value, written = _asserted(headline), _asserted(code or "")
    if value is None or written is None:
        return None
    if isinstance(written, ast.UnaryOp) and isinstance(value, ast.UnaryOp):
        return f"{_shown(written.operand)} gives {_shown(value.operand)} where something false is expected"
    return f"{_shown(written)} gives {_shown(value)} where something true is expected"


def _from_unittest(headline: str, code: str | None) -> str | None:
    match = _UNITTEST.match(headline)
    if match is None:
        return None
    call = _parsed(code or "")
    arguments = call.args if isinstance(call, ast.Call) else []
    came, wanted = match["came"], match["wanted"]
    subject = arguments[0] if arguments else None
    if match["sign"] == "!=" and len(arguments) > 1 and _is_plain(arguments[0]) and not _is_plain(arguments[1]):
        came, wanted, subject = wanted, came, arguments[1]
    negated = {"!=": "", "not found in": "something in ", "not less than": "less than "}.get(match["sign"], "")
    expected = f"{negated}`{one_line(wanted, _LONGEST_CODE)}`"
    if subject is None or _is_plain(subject):
        return f"`{one_line(came, _LONGEST_CODE)}` comes where {expected} is expected"
    return f"{_shown(subject)} gives `{one_line(came, _LONGEST_CODE)}` where {expected} is expected"


def _comparison(text: str) -> ast.Compare | None:
    test = _asserted(text)
    return test if isinstance(test, ast.Compare) and len(test.ops) == 1 else None


def _asserted(text: str) -> ast.expr | None:
    return _parsed(re.sub(r"^assert\b\s*", "", text.strip())) if text.strip().startswith("assert") else None


def _parsed(text: str) -> ast.expr | None:
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    # `assert f(2), "why"` parses as a pair
    return tree.elts[0] if isinstance(tree, ast.Tuple) and len(tree.elts) == 2 and not text.startswith("(") else tree


def _is_plain(node: ast.expr) -> bool:
    """Whether it is written out rather than worked out."""
    return not any(isinstance(part, ast.Call | ast.Name | ast.Attribute | ast.Subscript) for part in ast.walk(node))


def _shown(node: ast.AST) -> str:
    return f"`{one_line(ast.unparse(node), _LONGEST_CODE)}`"
