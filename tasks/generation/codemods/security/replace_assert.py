"""Check with an exception instead of an assertion.

What it does
    Turns `assert condition, message` into `if not condition: raise AssertionError(message)`.

Why it matters
    `python -O` drops assertions, and with them every check of input or rights that they make.

Example
    Before: assert user.is_admin
    After:  if not user.is_admin: raise AssertionError      (on lines of their own)

When it does not apply
    Tests and files that import a test framework.

Fix safety
    review: the same exception under the same condition; many assertions only tell type checkers something and may
    stay.

References
    CWE-617, CWE-703; https://docs.python.org/3/reference/simple_stmts.html#the-assert-statement
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import simple
from tasks.models import Domain

TEST_PACKAGES = {"pytest", "unittest", "hypothesis", "nose"}
OPPOSITES: tuple[tuple[type[cst.BaseCompOp], cst.BaseCompOp], ...] = (
    (cst.Is, cst.IsNot()),
    (cst.IsNot, cst.Is()),
    (cst.In, cst.NotIn()),
    (cst.NotIn, cst.In()),
    (cst.Equal, cst.NotEqual()),
    (cst.NotEqual, cst.Equal()),
)


class ReplaceAssert(Codemod):
    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.BaseStatement:
        check = simple(updated_node)
        if not isinstance(check, cst.Assert) or self.imports.packages & TEST_PACKAGES:
            return updated_node
        if "test" in self.path.rpartition("/")[2] or not self.accept(original_node, "raise where an assertion stood"):
            return updated_node
        error: cst.BaseExpression = cst.Name("AssertionError")
        if check.msg is not None:
            error = cst.Call(error, [cst.Arg(check.msg)])
        raising = cst.SimpleStatementLine([cst.Raise(error)], trailing_whitespace=updated_node.trailing_whitespace)
        test = _negated(check.test)
        return cst.If(test, cst.IndentedBlock([raising]), leading_lines=updated_node.leading_lines)


def _negated(test: cst.BaseExpression) -> cst.BaseExpression:
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        return test.expression
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        for kind, opposite in OPPOSITES:
            if isinstance(test.comparisons[0].operator, kind):
                return test.with_changes(comparisons=[test.comparisons[0].with_changes(operator=opposite)])
    loose = isinstance(test, cst.BooleanOperation | cst.IfExp | cst.NamedExpr | cst.Lambda) and not test.lpar
    inner = test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()]) if loose else test
    return cst.UnaryOperation(cst.Not(), inner)


RULE = Rule(
    id="replace_assert",
    title="Check with an exception instead of an assertion",
    domain=Domain.SECURITY,
    safety="review",
    transformer=ReplaceAssert,
    hints=("assert ",),
    cwe=(617, 703),
    bandit=("B101",),
    ruff=("S101",),
    words=("python -o", "optimized"),
)

VALID = (
    """\
import pytest
assert x
""",
)
INVALID = (
    (
        """\
def f(x):
    assert x > 0, 'positive'  # why
    return x
""",
        """\
def f(x):
    if not x > 0:
        raise AssertionError('positive')  # why
    return x
""",
    ),
    (
        """\
assert a is not None
assert b or c
""",
        """\
if a is None:
    raise AssertionError
if not (b or c):
    raise AssertionError
""",
    ),
)
