"""The visitor that every codemod extends: what a name means, which sites may change, which imports are needed."""

from __future__ import annotations

import builtins
import io
import re
import tokenize
from collections.abc import Collection, Iterator

import libcst as cst
from libcst.metadata import (
    Assignment,
    ParentNodeProvider,
    PositionProvider,
    QualifiedNameProvider,
    QualifiedNameSource,
    Scope,
    ScopeProvider,
)

from tasks.generation.codemods.imports import ImportedName, ImportTable
from tasks.generation.codemods.syntax import dotted, expr, is_literal

_ACCEPTED_RISK = re.compile(r"#\s*(?:nosec|nosemgrep|noqa)\b(?P<ids>[^#]*)")
_FINDING_ID = re.compile(r"\b[A-Z]+\d+\b")


class NameTakenError(Exception):
    """The file binds the name that an import would need; the site is left as it is."""


class Codemod(cst.CSTTransformer):
    """Changes one kind of fault; subclasses override `leave_*` and call `accept` before they change a node."""

    METADATA_DEPENDENCIES = (QualifiedNameProvider, ScopeProvider, ParentNodeProvider, PositionProvider)

    def __init__(
        self,
        module: cst.Module,
        path: str,
        *,
        lines: Collection[int] | None = None,
        packages: Collection[str] = (),
        finding_ids: Collection[str] = (),
    ) -> None:
        super().__init__()
        self.module = module
        self.path = path
        self.imports = ImportTable.of(module)
        self.changes: list[tuple[int, str]] = []
        """Line and description of each site that was changed."""
        self.needed: set[ImportedName] = set()
        self._lines = frozenset(lines) if lines is not None else None
        self._packages = frozenset(packages) | self.imports.packages
        self._finding_ids = frozenset(finding_ids)
        self._comments = _comments_by_line(module.code)
        self._bound: set[str] | None = None

    # what the file knows

    def has_package(self, name: str) -> bool:
        """The file imports the package or the repository declares it."""
        return name in self._packages

    def qualified(self, node: cst.CSTNode) -> frozenset[str]:
        """Full names that the expression stands for; a root that the file never binds stands for itself."""
        text = dotted(node)
        if text is None:
            return frozenset()
        names = self.get_metadata(QualifiedNameProvider, node, frozenset())
        known = {
            name.name.removeprefix("builtins.")
            for name in names
            if name.source in (QualifiedNameSource.IMPORT, QualifiedNameSource.BUILTIN)
        }
        if names:
            return (
                frozenset(known) if all(name.source is not QualifiedNameSource.LOCAL for name in names) else frozenset()
            )
        if "." not in text or text.split(".")[0] in self._bound_names(node):
            return frozenset()
        return frozenset({text})

    def _bound_names(self, node: cst.CSTNode) -> set[str]:
        if self._bound is None:
            scopes = set(self.metadata[ScopeProvider].values()) if ScopeProvider in self.metadata else set()
            self._bound = {a.name for scope in scopes if isinstance(scope, Scope) for a in scope.assignments}
            self._bound |= set(dir(builtins)) | {"self", "cls"}
        return self._bound

    def calls(self, call: cst.Call, targets: Collection[str]) -> str | None:
        """The target that is called; None where the name may also stand for something else, as after `try: import`."""
        names = self.qualified(call.func)
        return min(names) if names and names <= frozenset(targets) else None

    def scope(self, node: cst.CSTNode) -> Scope | None:
        found: Scope | None = self.get_metadata(ScopeProvider, node, None)
        return found

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        found: cst.CSTNode | None = self.get_metadata(ParentNodeProvider, node, None)
        return found

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """Enclosing nodes, innermost first."""
        above = self.parent(node)
        while above is not None:
            yield above
            above = self.parent(above)

    def enclosing_function(self, node: cst.CSTNode) -> cst.FunctionDef | None:
        """The function whose body the node belongs to; None at module or class level and in a lambda."""
        for above in self.ancestors(node):
            if isinstance(above, cst.FunctionDef):
                return above
            if isinstance(above, cst.Lambda | cst.ClassDef):
                return None
        return None

    def values_of(self, node: cst.BaseExpression) -> list[cst.BaseExpression] | None:
        """Every value that the file gives to this name in its scope; None when it can have others."""
        if not isinstance(node, cst.Name):
            return None
        scope = self.scope(node)
        if scope is None:
            return None
        values = [self._assigned_value(a) for a in scope[node.value]]
        if not values or any(value is None for value in values):
            return None
        return [value for value in values if value is not None]

    def _assigned_value(self, assignment: object) -> cst.BaseExpression | None:
        if not isinstance(assignment, Assignment) or not isinstance(assignment.node, cst.Name):
            return None
        above = self.parent(assignment.node)
        if isinstance(above, cst.AssignTarget):
            statement = self.parent(above)
            return statement.value if isinstance(statement, cst.Assign) else None
        if isinstance(above, cst.AnnAssign):
            return above.value
        if isinstance(above, cst.AsName):
            item = self.parent(above)
            return item.item if isinstance(item, cst.WithItem) else None
        return above.value if isinstance(above, cst.NamedExpr) else None

    def constant(self, node: cst.BaseExpression) -> cst.BaseExpression:
        """The literal that a name is set to once and for all; the expression itself otherwise."""
        values = self.values_of(node)
        return values[0] if values and len(values) == 1 and is_literal(values[0]) else node

    def made_by(self, node: cst.BaseExpression) -> frozenset[str]:
        """Full names of the calls whose result this expression is; `self.x` is looked up in its class."""
        if isinstance(node, cst.Call):
            return self.qualified(node.func)
        if isinstance(node, cst.Await):
            return self.made_by(node.expression)
        values = self.values_of(node) if isinstance(node, cst.Name) else self._attribute_values(node)
        found = [self.qualified(v.func) for v in values or () if isinstance(v, cst.Call)]
        return frozenset().union(*found) if found and values and len(found) == len(values) else frozenset()

    def _attribute_values(self, node: cst.BaseExpression) -> list[cst.BaseExpression]:
        owner = next((a for a in self.ancestors(node) if isinstance(a, cst.ClassDef)), None)
        name = dotted(node)
        if owner is None or name is None or not name.startswith("self."):
            return []
        finder = _AttributeValues(name)
        owner.visit(finder)
        return finder.values

    # what the rule asks for

    def line(self, node: cst.CSTNode) -> int:
        return int(self.get_metadata(PositionProvider, node).start.line)

    def wanted(self, node: cst.CSTNode) -> bool:
        """The site is among the lines asked for, and its author did not accept the risk with `nosec` or the like."""
        place = self.get_metadata(PositionProvider, node)
        first, last = place.start.line, place.end.line
        if self._lines is not None and not any(first <= line <= last for line in self._lines):
            return False
        return not any(self._is_accepted_risk(self._comments.get(line, "")) for line in (first, last))

    def _is_accepted_risk(self, comment: str) -> bool:
        """The comment takes back every finding, or one that this rule is about."""
        marks = _ACCEPTED_RISK.search(comment)
        if marks is None:
            return False
        ids = set(_FINDING_ID.findall(marks["ids"]))
        return bool(ids & self._finding_ids) or (not ids and "noqa" not in marks[0])

    def accept(self, node: cst.CSTNode, description: str) -> bool:
        """True when this site is to be changed; it is recorded then."""
        if not self.wanted(node):
            return False
        self.changes.append((self.line(node), description))
        return True

    def name_for(self, qualified: str) -> cst.BaseExpression:
        """An expression for `module.name` that works in this file, importing the module when it has to.

        Raises NameTakenError when the file uses the module's name for something else.
        """
        module, _, name = qualified.rpartition(".")
        local = self.imports.local_name
        if qualified in local:
            return expr(local[qualified])
        if module in local:
            return expr(f"{local[module]}.{name}")
        if module == "os.path":
            return cst.Attribute(self.name_for("os.path"), cst.Name(name))
        self.import_module(module)
        return expr(qualified)

    def import_module(self, module: str) -> None:
        top = module.split(".")[0]
        holder = [q for q, shown in self.imports.local_name.items() if shown.split(".")[0] == top]
        if any(q.split(".")[0] != top for q in holder):
            raise NameTakenError(top)
        if not holder and top in self._bound_names(self.module) and not self._only_imported(top):
            raise NameTakenError(top)
        self.needed.add(ImportedName(module))

    def import_name(self, module: str, name: str) -> cst.Name:
        """A bare name for `module.name`, imported when the file does not have it yet."""
        shown = self.imports.local_name.get(f"{module}.{name}")
        if shown is not None:
            return cst.Name(shown)
        if name in self._bound_names(self.module):
            raise NameTakenError(name)
        self.needed.add(ImportedName(module, name))
        return cst.Name(name)

    def _only_imported(self, top: str) -> bool:
        """Every binding of the name, in whatever scope, is an import of that very package."""
        for scope in {s for s in self.metadata[ScopeProvider].values() if isinstance(s, Scope)}:
            for assignment in scope.assignments:
                if assignment.name != top:
                    continue
                names = assignment.get_qualified_names_for(top)
                if not names or any(
                    n.source is not QualifiedNameSource.IMPORT or n.name.split(".")[0] != top for n in names
                ):
                    return False
        return True


def _comments_by_line(source: str) -> dict[int, str]:
    if "nosec" not in source and "noqa" not in source and "nosemgrep" not in source:
        return {}
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return {}
    return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}


class _AttributeValues(cst.CSTVisitor):
    def __init__(self, name: str) -> None:
        self.name = name
        self.values: list[cst.BaseExpression] = []

    def visit_Assign(self, node: cst.Assign) -> None:
        if any(dotted(target.target) == self.name for target in node.targets):
            self.values.append(node.value)
