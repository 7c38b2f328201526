"""Escape values in Mako templates.

What it does
    Adds `default_filters=["h"]` to `Template` and `TemplateLookup` of Mako.

Why it matters
    Mako escapes nothing by default.

Example
    Before: Template(text)
    After:  Template(text, default_filters=["h"])

When it does not apply
    Filters are passed, or the arguments hide behind `**options`.

Fix safety
    hardening: values that are HTML on purpose need the `n` filter; templates that make no HTML should pass their
    own filters.

References
    CWE-79; https://docs.makotemplates.org/en/latest/filtering.html
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import has_star, keyword, with_keyword
from tasks.models import Domain

TARGETS = {"mako.template.Template", "mako.lookup.TemplateLookup"}


class EscapeMakoOutput(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if has_star(original_node) or not self.calls(original_node, TARGETS):
            return updated_node
        if keyword(original_node, "default_filters") or not self.accept(
            original_node, "escape values in Mako templates"
        ):
            return updated_node
        return with_keyword(updated_node, "default_filters", '["h"]')


RULE = Rule(
    id="escape_mako_output",
    title="Escape values in Mako templates",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=EscapeMakoOutput,
    hints=("mako",),
    cwe=(79,),
    bandit=("B702",),
    ruff=("S702",),
    words=("xss", "cross-site scripting", "cross site scripting"),
)

VALID = (
    """\
from mako.template import Template
Template(t, default_filters=['str'])
""",
)
INVALID = (
    (
        """\
from mako.template import Template
Template('hi ${name}')
""",
        """\
from mako.template import Template
Template('hi ${name}', default_filters=["h"])
""",
    ),
)
