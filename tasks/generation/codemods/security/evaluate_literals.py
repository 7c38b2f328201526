"""Evaluate text as data.

What it does
    Writes the expression of `eval("...")` with a literal text into the code, and turns `eval(text)` of a variable
    text into `ast.literal_eval(text)`.

Why it matters
    `eval` runs whatever the text says, with all the rights of the process.

Example
    Before: eval(request.args["filter"])
    After:  ast.literal_eval(request.args["filter"])

When it does not apply
    Names for globals or locals are passed, or the function checks the characters of the text: then an
    expression is meant.

Fix safety
    review: texts that are more than literals (sums, names, calls) raise `ValueError`.

References
    CWE-95; https://docs.python.org/3/library/ast.html#ast.literal_eval
"""

from __future__ import annotations

import re

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of, has_star, string_value
from tasks.models import Domain


class EvaluateLiterals(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        if len(original_node.args) != 1 or has_star(original_node) or not self.calls(original_node, {"eval"}):
            return updated_node
        text = string_value(original_node.args[0].value)
        if text is not None:
            return self._written_out(original_node, updated_node, text)
        if self._is_checked(original_node):
            return updated_node
        func = self.name_for("ast.literal_eval")
        if not self.accept(original_node, "read the text as a literal instead of running it"):
            return updated_node
        return updated_node.with_changes(func=func)

    def _is_checked(self, call: cst.Call) -> bool:
        """The function compares the text with what it allows, so that an expression is meant."""
        function = self.enclosing_function(call)
        text = code_of(call.args[0].value)
        checks = rf"set\({re.escape(text)}\)|\.(fullmatch|match)\([^)]*{re.escape(text)}\)|in {re.escape(text)}\b"
        return function is not None and re.search(checks, code_of(function.body)) is not None

    def _written_out(self, original: cst.Call, updated: cst.Call, text: str) -> cst.BaseExpression:
        try:
            value = cst.parse_expression(text.strip())
        except cst.ParserSyntaxError:
            return updated
        if not self.accept(original, "wrote the evaluated expression into the code"):
            return updated
        bare = isinstance(value, cst.Name | cst.Call | cst.Attribute | cst.Subscript | cst.BaseNumber | cst.BaseString)
        if bare or isinstance(self.parent(original), cst.Arg | cst.Assign | cst.Return | cst.Expr):
            return value
        return value if value.lpar else value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


RULE = Rule(
    id="evaluate_literals",
    title="Evaluate text as data",
    domain=Domain.SECURITY,
    safety="review",
    transformer=EvaluateLiterals,
    hints=("eval(",),
    cwe=(95, 94),
    bandit=("B307",),
    ruff=("S307", "PGH001"),
    codeql=("py/code-injection",),
    words=("code injection", "eval("),
)

VALID = (
    "def f(x):\n    if set(x) <= ALLOWED:\n        return eval(x)\n",
    """\
import ast
ast.literal_eval(x)
""",
    """\
eval(x, names)
""",
    """\
def eval(x):
    return x


eval(y)
""",
)
INVALID = (
    (
        """\
import json

x = eval(text)
""",
        """\
import ast
import json

x = ast.literal_eval(text)
""",
    ),
    (
        """\
x = 2 * eval('1 + 1')
""",
        """\
x = 2 * (1 + 1)
""",
    ),
)
