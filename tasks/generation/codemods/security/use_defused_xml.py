"""Parse XML from outside with defusedxml.

What it does
    Replaces the parsing functions of the standard library by those of defusedxml where the project has it.

Why it matters
    The standard parsers expand entities: a document of a kilobyte can fill the memory or read local files.

Example
    Before: xml.etree.ElementTree.fromstring(text)
    After:  defusedxml.ElementTree.fromstring(text)

When it does not apply
    defusedxml is neither imported by the file nor a dependency: add it to the project first.

Fix safety
    hardening: documents with entities or a DTD raise `DefusedXmlException`.

References
    CWE-611, CWE-776; https://pypi.org/project/defusedxml/
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.models import Domain

FUNCTIONS = {
    "xml.etree.ElementTree": ("parse", "iterparse", "fromstring", "XML", "XMLParser"),
    "xml.etree.cElementTree": ("parse", "iterparse", "fromstring", "XML", "XMLParser"),
    "xml.dom.minidom": ("parse", "parseString"),
    "xml.dom.pulldom": ("parse", "parseString"),
    "xml.dom.expatbuilder": ("parse", "parseString"),
    "xml.sax": ("parse", "parseString", "make_parser"),
    "xml.sax.expatreader": ("create_parser",),
}
SAFE = {f"{m}.{name}": f"defusedxml.{m.rpartition('.')[2]}.{name}" for m, names in FUNCTIONS.items() for name in names}
LOGGED = "parse XML without expanding entities"


class UseDefusedXml(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        target = self.calls(original_node, SAFE)
        if target is None or not self.has_package("defusedxml") or not self.wanted(original_node):
            return updated_node
        safe = SAFE[target]
        module, _, name = safe.rpartition(".")
        if module not in self.imports.local_name and safe not in self.imports.local_name:
            safe = f"{module.replace('cElementTree', 'ElementTree')}.{name}"
        func = self.name_for(safe)
        self.accept(original_node, LOGGED)
        return updated_node.with_changes(func=func)


RULE = Rule(
    id="use_defused_xml",
    title="Parse XML from outside with defusedxml",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=UseDefusedXml,
    hints=("xml",),
    cwe=(611, 776, 827),
    bandit=("B313", "B314", "B315", "B316", "B317", "B318", "B319", "B405", "B406", "B407", "B408", "B409", "B411"),
    ruff=("S313", "S314", "S315", "S316", "S317", "S318", "S319", "S405", "S406", "S407", "S408", "S409", "S411"),
    codeql=("py/xxe", "py/xml-bomb"),
    words=("xxe", "external entity", "billion laughs", "entity expansion"),
)

VALID = (
    """\
import xml.etree.ElementTree as ET
ET.fromstring(x)
""",
    """\
import defusedxml.ElementTree as ET
ET.fromstring(x)
""",
)
INVALID = (
    (
        """\
import defusedxml
import xml.etree.ElementTree as ET

tree = ET.parse(p)
""",
        """\
import defusedxml
import defusedxml.ElementTree

tree = defusedxml.ElementTree.parse(p)
""",
    ),
    (
        """\
from xml.dom.minidom import parse
from defusedxml.minidom import parse as safe_parse
a = parse(p)
b = safe_parse(p)
""",
        """\
from defusedxml.minidom import parse as safe_parse
a = safe_parse(p)
b = safe_parse(p)
""",
    ),
)
