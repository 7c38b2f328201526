"""What a class of the repository has: methods, class variables, and attributes set on `self`."""

from __future__ import annotations

import ast

from tasks.generation.crash.project import Project
from tasks.generation.crash.source import SourceFile


def members_of(source: SourceFile, node: ast.ClassDef, project: Project, depth: int = 0) -> set[str]:
    """Methods, class variables and attributes set on `self`, of the class and of its bases in the repository."""
    names: set[str] = set()
    for item in ast.walk(node):
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and source.parent(item) is node:
            names.add(item.name)
        elif isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            names.add(item.target.id)
        elif isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store) and source.function(item) is None:
            names.add(item.id)
        elif isinstance(item, ast.Attribute) and isinstance(item.ctx, ast.Store) and ast.unparse(item.value) == "self":
            names.add(item.attr)
    bases = {getattr(base, "id", getattr(base, "attr", "")) for base in node.bases}
    if depth < 3:
        for other, base in project.classes():
            if base.name in bases and base is not node:
                names |= members_of(other, base, project, depth + 1)
    return names
