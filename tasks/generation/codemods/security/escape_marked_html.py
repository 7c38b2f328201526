"""Escape values that are put into HTML.

What it does
    In Django turns `mark_safe` of a text with values into `format_html`, and `mark_safe(value)` into
    `conditional_escape(value)`; with MarkupSafe turns `Markup` of such a text into `Markup("...").format(...)`
    and `Markup(value)` into `escape(value)`.

Why it matters
    Marking a text as safe tells the template not to escape it: a script in the value runs in the reader's
    browser.

Example
    Before: mark_safe(f"<b>{name}</b>")
    After:  format_html("<b>{}</b>", name)

When it does not apply
    The text is a literal, or comes from a call that is named as one that cleans or escapes.

Fix safety
    review: values that are HTML on purpose are shown as text unless they are marked where they are made.

References
    CWE-79; https://docs.djangoproject.com/en/stable/ref/utils/#django.utils.html.format_html
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.built_string import leaves_of, literal
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of, is_literal, string_value
from tasks.models import Domain

MARKERS = {f"django.utils.safestring.{n}" for n in ("mark_safe", "SafeString", "SafeText", "SafeUnicode", "SafeBytes")}
MARKERS |= {"django.utils.html.mark_safe"}
MARKUP = {"markupsafe.Markup", "flask.Markup", "jinja2.Markup"}
CLEANERS = ("escape", "clean", "saniti", "render", "format_html", "nh3", "bleach", "markdown")


class EscapeMarkedHtml(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        is_django = bool(self.calls(original_node, MARKERS))
        if not is_django and not self.calls(original_node, MARKUP):
            return updated_node
        if len(original_node.args) != 1 or original_node.args[0].star or original_node.args[0].keyword:
            return updated_node
        if self._is_trusted(original_node.args[0].value) or not self.wanted(original_node):
            return updated_node
        return self._django(original_node) if is_django else self._markup(original_node, updated_node)

    def _django(self, original: cst.Call) -> cst.Call:
        value = original.args[0].value
        parts = _template(value)
        if parts is None:
            escape = self.import_name("django.utils.html", "conditional_escape")
            self.accept(original, "escape the value unless it is marked as safe where it is made")
            return cst.Call(escape, [cst.Arg(value)])
        format_html = self.import_name("django.utils.html", "format_html")
        self.accept(original, "escape the values that are put into HTML")
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        return cst.Call(format_html, [cst.Arg(parts[0], comma=comma), *parts[1]])

    def _markup(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        value = original.args[0].value
        parts = _template(value)
        if parts is None:
            escape = self.name_for("markupsafe.escape")
            self.accept(original, "escape the value")
            return updated.with_changes(func=escape)
        self.accept(original, "escape the values that are put into HTML")
        marked = updated.with_changes(args=[cst.Arg(parts[0])])
        return cst.Call(cst.Attribute(marked, cst.Name("format")), parts[1])

    def _is_trusted(self, value: cst.BaseExpression) -> bool:
        if is_literal(value) or (isinstance(value, cst.Call) and _cleans(value)):
            return True
        values = self.values_of(value) or []
        return bool(values) and all(is_literal(v) or (isinstance(v, cst.Call) and _cleans(v)) for v in values)


def _cleans(call: cst.Call) -> bool:
    name = code_of(call.func).lower()
    return any(word in name for word in CLEANERS)


def _template(value: cst.BaseExpression) -> tuple[cst.BaseExpression, list[cst.Arg]] | None:
    """The literal with `{}` for each value, and the values as arguments."""
    func = value.func if isinstance(value, cst.Call) else None
    if isinstance(func, cst.Attribute) and func.attr.value == "format" and string_value(func.value) is not None:
        return func.value, list(value.args) if isinstance(value, cst.Call) else []
    leaves = leaves_of(value)
    if leaves is None:
        return None
    pieces = [piece for leaf in leaves for piece in leaf.pieces]
    text = "".join(p.replace("{", "{{").replace("}", "}}") if isinstance(p, str) else "{}" for p in pieces)
    style = next(leaf.node for leaf in leaves if leaf.node is not None)
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    args = [cst.Arg(piece, comma=comma) for piece in pieces if not isinstance(piece, str)]
    args[-1] = args[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return literal([text], style), args


RULE = Rule(
    id="escape_marked_html",
    title="Escape values that are put into HTML",
    domain=Domain.SECURITY,
    safety="review",
    transformer=EscapeMarkedHtml,
    hints=("mark_safe", "safestring", "Markup"),
    cwe=(79, 80),
    bandit=("B308", "B703", "B704"),
    ruff=("S308", "S704"),
    codeql=("py/reflective-xss",),
    words=("xss", "cross-site scripting", "cross site scripting", "script tag"),
)

VALID = (
    """\
from markupsafe import Markup
Markup('<b>ok</b>')
""",
    """\
from django.utils.safestring import mark_safe
HTML = '<b>ok</b>'
mark_safe(HTML)
""",
    """\
from markupsafe import Markup
Markup(clean(x))
""",
)
INVALID = (
    (
        """\
from django.utils.safestring import mark_safe

x = mark_safe(f'<b>{name}</b>')
""",
        """\
from django.utils.html import format_html

x = format_html('<b>{}</b>', name)
""",
    ),
    (
        """\
from django.utils import safestring
x = safestring.mark_safe('<a href="%s">%s</a>' % (url, text))
""",
        """\
from django.utils.html import format_html
x = format_html('<a href="{}">{}</a>', url, text)
""",
    ),
    (
        """\
from markupsafe import Markup, escape
a = Markup('<b>{}</b>'.format(x))
b = Markup(x)
""",
        """\
from markupsafe import Markup, escape
a = Markup('<b>{}</b>').format(x)
b = escape(x)
""",
    ),
)
