"""Inputs for a parameter: from the incident, the tests, the type hints and the kind of crash."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from tasks.generation.crash.fitting import annotation_kinds
from tasks.generation.crash.project import Project, called_name
from tasks.generation.crash.source import Function, SourceFile, walk_function
from tasks.generation.reproduction.bodies import FAILING, Body

_TEXTUAL = re.compile(r"name|title|text|key|label|path|url|host|id$|kind|type|sku|token|mail|symbol|code|message")
_BY_KIND: dict[str, tuple[str, ...]] = {
    "int": ("1", "0", "-1"),
    "float": ("1.5", "0.0"),
    "str": ("'a'", "''"),
    "bool": ("True", "False"),
    "bytes": ("b'a'", "b''", "b'caf\\xe9'"),
    "list": ("[]", "[1]"),
    "List": ("[]", "[1]"),
    "Sequence": ("[]", "[1]"),
    "Iterable": ("[]", "[1]"),
    "dict": ("{}", "{'a': 1}"),
    "Dict": ("{}",),
    "Mapping": ("{}",),
    "set": ("set()",),
    "tuple": ("()",),
    "datetime": ("dt.datetime(2026, 1, 2, 3, 4, 5)",),
    "date": ("dt.date(2026, 1, 2)", "dt.datetime(2026, 1, 2, 3, 4, 5)"),
    "timedelta": ("dt.timedelta(hours=1)",),
    "Decimal": ("decimal.Decimal('1.5')", "decimal.Decimal('0')"),
    "Path": ("tmp_path", "tmp_path / 'missing'"),
}
_BY_ERROR: dict[str, tuple[str, ...]] = {
    "AttributeError": ("None", "''", "[]", "{}"),
    "TypeError": ("None", "'1'", "0", "1", "''", "'a'", "[]", "{}"),
    "KeyError": ("{}", "'missing'", "''"),
    "IndexError": ("[]", "''", "0"),
    "StopIteration": ("[]", "'missing'"),
    "ZeroDivisionError": ("0", "[]", "0.0"),
    "ValueError": ("'abc'", "''", "[]", "-1", "0"),
    "JSONDecodeError": ("''", "'<html>'"),
    "UnicodeDecodeError": ("b'caf\\xe9'", "'caf\\xe9'.encode()", "b'\\xff\\xfe'"),
    "UnicodeEncodeError": ("'caf\\xe9'", "'\\u65e5\\u672c'"),
    "OverflowError": ("float('inf')", "10 ** 400", "-1"),
    "InvalidOperation": ("'abc'", "''"),
    "FileNotFoundError": ("'missing'", "tmp_path / 'missing'"),
    "RecursionError": ("[]",),
    "statistics.StatisticsError": ("[]",),
}


Signatures = dict[str, list[tuple[str, list[str]]]]
"""Parameters, with the outer names of their annotations, by the name of the function or class."""


def signatures_of(project: Project) -> Signatures:
    found: Signatures = {}
    for source in project.files():
        for function in source.functions:
            listed = function.args.args[isinstance(source.parent(function), ast.ClassDef) :]
            owner = source.parent(function)
            name = owner.name if function.name == "__init__" and isinstance(owner, ast.ClassDef) else function.name
            found[name] = [(argument.arg, _kinds(argument.annotation)) for argument in listed]
    for _, node in project.classes():
        if any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list):
            fields = [item for item in node.body if isinstance(item, ast.AnnAssign)]
            found[node.name] = [(ast.unparse(item.target), _kinds(item.annotation)) for item in fields]
    return found


def _kinds(annotation: ast.expr | None) -> list[str]:
    return annotation_kinds(annotation)[1] if annotation is not None else []


def plain_values(name: str, kinds: list[str], clues: list[object]) -> list[str]:
    """Source text of a few values for a parameter that nobody has given yet."""
    hinted = [repr(clue) for clue in clues[:12] if type(clue).__name__ in kinds]
    typed = [text for kind in kinds for text in _BY_KIND.get(kind, ())[:2] if "tmp_path" not in text]
    return list(dict.fromkeys([*hinted[:4], *typed])) or [_by_name(name)]


def _by_name(name: str) -> str:
    return "'a'" if _TEXTUAL.search(name) else "None"


def telling_values(error_name: str) -> tuple[str, ...]:
    """Source text of values that bring about that kind of exception, the likeliest first."""
    return _BY_ERROR.get(error_name, ("None", "''", "0", "[]", "{}"))


def parameter_values(
    argument: ast.arg,
    function: Function,
    project: Project,
    bodies: Iterable[Body],
    clues: list[object],
    error_name: str,
) -> list[str]:
    """Source text of candidates for one parameter, best first, without repeats."""
    optional, kinds = annotation_kinds(argument.annotation) if argument.annotation is not None else (False, [])
    if (is_called(function, argument.arg) and not kinds) or "Callable" in kinds:
        return [FAILING, "lambda *args, **kwargs: None"]
    if not kinds:
        kinds = classes_with_members_of(project, function, argument.arg)
    found: list[str] = []
    seen = _seen_in_tests(argument.arg, kinds, bodies, project)
    hinted = _clues_of_kind(clues, kinds, argument.arg)
    found += [*hinted, *seen] if argument.annotation is not None else [*seen, *hinted]
    if optional or not kinds:
        found.append("None")
    for kind in kinds:
        found += _BY_KIND.get(kind, ())
        found += list(_constructed(kind, project, 0))
    if not kinds:
        found += telling_values(error_name)
    return list(dict.fromkeys(found))[:16]


def is_called(function: Function, name: str) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
        for node in walk_function(function)
    )


def classes_with_members_of(project: Project, function: Function, name: str) -> list[str]:
    """Classes of the repository that have all attributes which the function reads from its parameter `name`."""
    used = {
        node.attr
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
    }
    if not used:
        return []
    found = []
    for source, node in project.classes():
        own = {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
        own |= {part.name for part in node.body if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)}
        own |= {
            part.target.id
            for part in node.body
            if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
        }
        if used <= own and source is not None:
            found.append(node.name)
    return found[:3]


def _clues_of_kind(clues: list[object], kinds: list[str], name: str) -> list[str]:
    texts = []
    for clue in clues[:30]:
        kind = type(clue).__name__
        fits = kind in kinds or (not kinds and not isinstance(clue, float)) or (kind == "int" and "float" in kinds)
        if fits:
            texts.append(repr(clue))
        if kind == "dict" and isinstance(clue, dict) and name in clue:
            texts.insert(0, repr(clue[name]))
    return texts[:6]


def _seen_in_tests(name: str, kinds: list[str], bodies: Iterable[Body], project: Project) -> list[str]:
    """Arguments that tests give under the same name, objects of the same class, and constants of a like name."""
    found: list[str] = []
    for body in bodies:
        for statement in body.statements:
            for node in ast.walk(statement):
                if isinstance(node, ast.keyword) and node.arg == name:
                    found.append(ast.unparse(node.value))
                elif isinstance(node, ast.Call):
                    found += [ast.unparse(node)] if called_name(node) in kinds else []
                    found += _given_as(node, name, project)
        for node in body.home.tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                constant = node.targets[0].id
                if constant.lower().rstrip("s") in (name, name.rstrip("s")):
                    found.append(constant)
    return list(dict.fromkeys(found))[:8]


def _given_as(call: ast.Call, name: str, project: Project) -> list[str]:
    """The positional argument that a call passes to a parameter called `name`."""
    found = []
    for source, function in project.functions_named(called_name(call)):
        names = [argument.arg for argument in function.args.args]
        if isinstance(source.parent(function), ast.ClassDef):
            names = names[1:]
        at = names.index(name) if name in names else len(call.args)
        if at < len(call.args) and _stands_alone(call.args[at]):
            found.append(ast.unparse(call.args[at]))
    return found


def _stands_alone(node: ast.expr) -> bool:
    """Whether the expression needs no variable of the test: class names and constants are fine."""
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return all(name[0].isupper() or name in ("tmp_path", "str") for name in names)


def _constructed(kind: str, project: Project, depth: int) -> Iterator[str]:
    """A call of the repository's class `kind` with plain arguments."""
    for source, node in project.classes():
        if node.name == kind:
            yield f"{kind}({', '.join(constructor_arguments(source, node, project, depth))})"
            return


def constructor_arguments(source: SourceFile, node: ast.ClassDef, project: Project, depth: int = 0) -> list[str]:
    """Plain values for what the class's constructor requires."""
    required = _required_parameters(node)
    texts = []
    for name, annotation in required:
        kinds = _kinds(annotation)
        text = next((_BY_KIND[kind][0] for kind in kinds if kind in _BY_KIND), None)
        if text is None and depth < 2:
            text = next((call for kind in kinds for call in _constructed(kind, project, depth + 1)), None)
        texts.append(text or _by_name(name))
    return texts


def _required_parameters(node: ast.ClassDef) -> list[tuple[str, ast.expr | None]]:
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and item.name == "__init__":
            arguments = item.args.args[1:]
            needed = len(arguments) - len(item.args.defaults)
            return [(argument.arg, argument.annotation) for argument in arguments[:needed]]
    if any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list):
        fields = [item for item in node.body if isinstance(item, ast.AnnAssign) and item.value is None]
        return [(item.target.id, item.annotation) for item in fields if isinstance(item.target, ast.Name)]
    return []
