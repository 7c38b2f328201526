"""Escape values in HTML templates.

What it does
    Gives `jinja2.Environment` and `Template` `autoescape=select_autoescape()` where autoescaping is missing or
    off.

Why it matters
    Jinja escapes nothing by default: a comment with a script tag runs in every visitor's browser.

Example
    Before: jinja2.Environment(loader=loader)
    After:  jinja2.Environment(loader=loader, autoescape=jinja2.select_autoescape())

When it does not apply
    The value is computed, the arguments hide behind `**options`, or the file makes templates from strings, which may
    be no HTML, and no finding names the line.

Fix safety
    hardening: templates named .html, .htm and .xml, and those made from strings, escape their values; others
    stay.

References
    CWE-79; https://jinja.palletsprojects.com/en/stable/api/#autoescaping
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of, has_star, keyword, with_keyword
from tasks.models import Domain

TARGETS = {"jinja2.Environment", "jinja2.environment.Environment"}


class AutoescapeJinja(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if has_star(original_node) or not self.calls(original_node, TARGETS):
            return updated_node
        given = keyword(original_node, "autoescape")
        if given is not None and code_of(self.constant(given.value)) not in ("False", "None", "''", '""', "0"):
            return updated_node
        if not self.wanted(original_node) or (self._lines is None and "from_string(" in self.module.code):
            return updated_node
        select = self.name_for("jinja2.select_autoescape")
        self.accept(original_node, "escape values in HTML templates")
        return with_keyword(updated_node, "autoescape", cst.Call(select))


RULE = Rule(
    id="autoescape_jinja",
    title="Escape values in HTML templates",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=AutoescapeJinja,
    hints=("jinja2",),
    cwe=(79, 94),
    bandit=("B701",),
    ruff=("S701",),
    codeql=("py/jinja2/autoescape-false",),
    words=("xss", "cross-site scripting", "cross site scripting", "script tag", "unescaped"),
)

VALID = (
    """\
import jinja2
jinja2.Environment(autoescape=True)
""",
    """\
import jinja2
jinja2.Environment(autoescape=choose())
""",
)
INVALID = (
    (
        """\
import jinja2
env = jinja2.Environment(loader=loader)
""",
        """\
import jinja2
env = jinja2.Environment(loader=loader, autoescape=jinja2.select_autoescape())
""",
    ),
    (
        """\
from jinja2 import Environment, select_autoescape
env = Environment(autoescape=False)
""",
        """\
from jinja2 import Environment, select_autoescape
env = Environment(autoescape=select_autoescape())
""",
    ),
)
