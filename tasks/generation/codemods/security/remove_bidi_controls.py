r"""Remove characters that reorder the text on screen.

What it does
    Deletes Unicode direction controls (U+202A to U+202E, U+2066 to U+2069) from comments and string literals.

Why it matters
    They make an editor show code that differs from what runs: a condition can hide inside what looks like a
    comment.

Example
    Before: a comment or string that holds U+202E
    After:  the same without it

When it does not apply
    Escapes such as `"\\u202e"`, which are visible in the source, stay.

Fix safety
    hardening: strings that need a direction control should spell it as an escape.

References
    CWE-1007; https://trojansource.codes/
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.models import Domain

CONTROLS = {ord(character): None for character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}


class RemoveBidiControls(Codemod):
    def leave_Comment(self, original_node: cst.Comment, updated_node: cst.Comment) -> cst.Comment:
        return updated_node.with_changes(value=self._cleaned(original_node, original_node.value))

    def leave_SimpleString(self, original_node: cst.SimpleString, updated_node: cst.SimpleString) -> cst.SimpleString:
        return updated_node.with_changes(value=self._cleaned(original_node, original_node.value))

    def leave_FormattedStringText(
        self, original_node: cst.FormattedStringText, updated_node: cst.FormattedStringText
    ) -> cst.FormattedStringText:
        return updated_node.with_changes(value=self._cleaned(original_node, original_node.value))

    def _cleaned(self, node: cst.CSTNode, text: str) -> str:
        clean = text.translate(CONTROLS)
        return clean if clean != text and self.accept(node, "removed invisible direction controls") else text


RULE = Rule(
    id="remove_bidi_controls",
    title="Remove characters that reorder the text on screen",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=RemoveBidiControls,
    hints=("\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"),
    cwe=(1007,),
    bandit=("B613",),
    ruff=("PLE2502",),
    words=("trojan source", "bidirectional"),
)

VALID = (
    """\
x = '\\u202e'
""",
)
INVALID = (
    (
        """\
x = 'a‮⁦'  # y
""",
        """\
x = 'a'  # y
""",
    ),
)
