"""Keep XML parsers from loading entities.

What it does
    Gives lxml's `XMLParser` `resolve_entities=False`, gives `etree.parse` and `etree.fromstring` such a parser,
    and turns the external-entity features of `xml.sax` off where they were turned on.

Why it matters
    An entity can name a local file or an address inside the network; what it holds ends up in the document.

Example
    Before: etree.fromstring(text)
    After:  etree.fromstring(text, parser=etree.XMLParser(resolve_entities=False))

When it does not apply
    A parser is passed already, or the option is given a variable.

Fix safety
    hardening: documents that lean on their own entities keep them unresolved.

References
    CWE-611; https://lxml.de/parsing.html#parser-options
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import argument, code_of, has_star, keyword, with_keyword, with_value
from tasks.models import Domain

PARSERS = {"lxml.etree.XMLParser", "lxml.etree.ETCompatXMLParser"}
READERS = {"lxml.etree.parse", "lxml.etree.fromstring", "lxml.etree.XML"}
FEATURES = {f"xml.sax.handler.feature_external_{kind}" for kind in ("ges", "pes")}


class HardenXmlParser(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if has_star(original_node):
            return updated_node
        if self.calls(original_node, PARSERS):
            return self._without_entities(original_node, updated_node)
        if self.calls(original_node, READERS) and argument(original_node, 1, "parser") is None:
            if not self.wanted(original_node):
                return updated_node
            parser = code_of(self.name_for("lxml.etree.XMLParser"))
            self.accept(original_node, "parse XML without resolving entities")
            return with_keyword(updated_node, "parser", f"{parser}(resolve_entities=False)")
        return self._feature_off(original_node, updated_node)

    def _without_entities(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        given = keyword(original, "resolve_entities")
        if given is not None and code_of(given.value) != "True":
            return updated
        if not self.accept(original, "parse XML without resolving entities"):
            return updated
        return with_keyword(updated, "resolve_entities", "False")

    def _feature_off(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        func = original.func
        if not isinstance(func, cst.Attribute) or func.attr.value != "setFeature" or len(original.args) != 2:
            return updated
        if not self.qualified(original.args[0].value) & FEATURES or code_of(original.args[1].value) not in (
            "True",
            "1",
        ):
            return updated
        if not self.accept(original, "keep the parser from loading external entities"):
            return updated
        return with_value(updated, updated.args[1], "False")


RULE = Rule(
    id="harden_xml_parser",
    title="Keep XML parsers from loading entities",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=HardenXmlParser,
    hints=("lxml", "setFeature"),
    cwe=(611, 776),
    bandit=("B410",),
    ruff=("S320",),
    codeql=("py/xxe", "py/xml-bomb"),
    words=("xxe", "external entity", "entity expansion"),
)

VALID = (
    """\
from lxml import etree
etree.parse(p, parser)
""",
    """\
from lxml import etree
etree.XMLParser(resolve_entities=False)
""",
)
INVALID = (
    (
        """\
from lxml import etree
root = etree.fromstring(x)
""",
        """\
from lxml import etree
root = etree.fromstring(x, parser=etree.XMLParser(resolve_entities=False))
""",
    ),
    (
        """\
import lxml.etree as ET
p = ET.XMLParser(huge_tree=True)
""",
        """\
import lxml.etree as ET
p = ET.XMLParser(huge_tree=True, resolve_entities=False)
""",
    ),
    (
        """\
import xml.sax.handler as h
p.setFeature(h.feature_external_ges, True)
""",
        """\
import xml.sax.handler as h
p.setFeature(h.feature_external_ges, False)
""",
    ),
)
