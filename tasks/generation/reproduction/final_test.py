"""The reproducing test as it is kept: a file of its own, named for the fault, in the repository's test folder."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from tasks.generation.crash.conventions import guards_in, repository_exceptions
from tasks.generation.crash.fitting import annotation_kinds
from tasks.generation.crash.project import Project, called_name, module_of
from tasks.generation.crash.source import Function, SourceFile
from tasks.generation.reproduction.bodies import Body
from tasks.generation.reproduction.rendering import library_imports, needed_imports, render_function, requote
from tasks.generation.reproduction.target import Target

_CHECKED_KINDS = ("int", "float", "str", "bool", "list", "dict", "set", "tuple", "bytes")


@dataclass(frozen=True)
class FinalTest:
    path: str
    text: str
    node_id: str
    claim: str
    """What the test asserts, in words."""


def compose(body: Body, target: Target, project: Project) -> Iterator[FinalTest]:
    """The test with the strongest claim first, then plainer ones."""
    called = _called_function(body, project)
    refusals = _own_refusals(target, project)
    kind = _checked_kind(called) if called is not None else None
    if kind is not None:
        yield _written(body, target, project, kind, refusals)
    yield _written(body, target, project, None, refusals)
    if refusals:
        yield _written(body, target, project, None, [])


def _written(body: Body, target: Target, project: Project, kind: str | None, refusals: list[str]) -> FinalTest:
    name = _test_name(target)
    path = _free_path(body.home, name, project)
    lines = _body_lines(body, kind)
    imports = [*body.imports, *library_imports(body)]
    claim = f"It asserts that a {kind} comes back." if kind else "It asserts only that the call goes through."
    if refusals:
        lines = [*lines[:-1], *_suppressed(lines[-1:], refusals)] if kind is None else _suppressed(lines, refusals)
        imports += ["import contextlib", *_imports_of(refusals, project)]
        claim += f" Raising {' or '.join(refusals)} counts as an answer too."
    docstring = f"{target.name} was raised in {target.raising.source.path} for this input."
    function = render_function(body, name, lines, docstring)
    text = _file_text(body, function, imports, project)
    owner = function.split("(")[0].removeprefix("class ") + "::" if body.owner is not None else ""
    return FinalTest(path, text, f"{path}::{owner}{name}", claim)


def _suppressed(lines: list[str], refusals: list[str]) -> list[str]:
    return [f"with contextlib.suppress({', '.join(refusals)}):", *("    " + line for line in lines)]


def _body_lines(body: Body, kind: str | None) -> list[str]:
    lines = body.text.splitlines()
    last = body.statements[-1]
    if kind is None or not isinstance(last, ast.Expr):
        return lines
    width = len(ast.unparse(last).splitlines())
    shown = ast.unparse(last)
    return [*lines[:-width], f"assert isinstance({shown}, {kind})"]


def _file_text(body: Body, function: str, imports: list[str], project: Project) -> str:
    own, definitions = needed_imports(body.home, function)
    bound = {name for line in own for name in _bound(line)}
    extra = [line for line in dict.fromkeys(imports) if not set(_bound(line)) <= bound and _used(line, function)]
    lines = sorted(_merged([*own, *extra]), key=lambda line: (_rank(line, project), line.startswith("from"), line))
    blocks: list[str] = []
    for rank in (0, 1, 2, 3):
        block = [line for line in lines if _rank(line, project) == rank]
        if block:
            blocks.append("\n".join(block))
    parts = ["\n\n".join(blocks)] if blocks else []
    text = "\n\n\n".join([*parts, *definitions, function]) + "\n"
    return requote(text, body.home.quote)


def _merged(lines: list[str]) -> list[str]:
    """One line for each module that names are imported from."""
    names: dict[str, set[str]] = {}
    others: dict[str, None] = {}
    for line in lines:
        node = ast.parse(line).body[0]
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            names.setdefault(module, set()).update(ast.unparse(alias) for alias in node.names)
        else:
            others[line] = None
    return [*others, *(f"from {module} import {', '.join(sorted(found))}" for module, found in names.items())]


def _rank(line: str, project: Project) -> int:
    """0 for the future, 1 for the standard library, 2 for others, 3 for the repository's own modules."""
    import sys

    root = re.split(r"[\s.]+", line.removeprefix("from ").removeprefix("import ").strip())[0]
    if root == "__future__":
        return 0
    own = {module_of(path).split(".")[0] for path in project.paths}
    if root in own or not root:
        return 3
    return 1 if root in sys.stdlib_module_names else 2


def _bound(line: str) -> list[str]:
    node = ast.parse(line).body[0]
    assert isinstance(node, ast.Import | ast.ImportFrom)
    return [(alias.asname or alias.name).split(".")[0] for alias in node.names]


def _used(line: str, text: str) -> bool:
    return any(re.search(rf"\b{re.escape(name)}\b", text) for name in _bound(line))


def _test_name(target: Target) -> str:
    function = target.raising.function.name.strip("_")
    owner = target.raising.source.parent(target.raising.function)
    if function == "init" and isinstance(owner, ast.ClassDef):
        function = owner.name
    fault = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", target.name.removesuffix("Error") or target.name).lower()
    subject = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", function).lower()
    return f"test_{subject}_raises_no_{fault}_error"


def _free_path(home: SourceFile, name: str, project: Project) -> str:
    folder = PurePosixPath(home.path).parent
    stem = name.removesuffix("_error")
    taken = {*project.test_paths, *project.paths}
    for suffix in ("", "_2", "_3", "_4"):
        path = str(folder / f"{stem}{suffix}.py")
        if path not in taken and not (project.root / path).exists():
            return path
    return str(folder / f"{stem}_new.py")


def _called_function(body: Body, project: Project) -> Function | None:
    """The repository's function that the last statement calls, when its name is unique."""
    last = body.statements[-1]
    value = last.value if isinstance(last, ast.Expr) else None
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "asyncio.run" and value.args:
        value = value.args[0]
    if isinstance(value, ast.Await):
        value = value.value
    if not isinstance(value, ast.Call):
        return None
    named = [function for _, function in project.functions_named(called_name(value))]
    return named[0] if len(named) == 1 else None


def _checked_kind(function: Function) -> str | None:
    """The plain class that its annotation promises; None for optional or parametrised answers."""
    if function.returns is None:
        return None
    optional, kinds = annotation_kinds(function.returns)
    return kinds[0] if not optional and len(kinds) == 1 and kinds[0] in _CHECKED_KINDS else None


def _own_refusals(target: Target, project: Project) -> list[str]:
    """Exceptions that the raising module raises on purpose for missing or broken input."""
    own = repository_exceptions(project)
    found: dict[str, None] = {}
    for guard in guards_in(target.raising.source):
        exc = guard.exit.exc if isinstance(guard.exit, ast.Raise) else None
        name = called_name(exc) if isinstance(exc, ast.Call) else exc.id if isinstance(exc, ast.Name) else ""
        plain = guard.is_absence_check and name in ("ValueError", "LookupError")
        if name != target.name and (name in own or plain):
            found[name] = None
    return list(found)


def _imports_of(names: list[str], project: Project) -> list[str]:
    own = repository_exceptions(project)
    return [f"from {module_of(own[name][0].path)} import {name}" for name in names if name in own]
