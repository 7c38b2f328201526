"""The ways in which the repository says no: `raise NotFound(key)`, fitted to another place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.generation.crash.conventions import Guard, global_names, guards_in, names_in_scope, repository_exceptions
from tasks.generation.crash.fitting import Fit
from tasks.generation.crash.project import module_of
from tasks.generation.crash.site import CrashSite, Place
from tasks.generation.crash.source import SourceFile, Splice

SAME_CHECK_WEIGHT = 2.5


def refusals(site: CrashSite, place: Place, subject: str, condition: str = "") -> list[Fit]:
    """`raise` statements that suit a missing or broken `subject` (source text), by falling weight.

    A guard elsewhere that checks the very `condition` (source text) counts most.
    """
    function = place.function
    if function is None:
        return []
    known = names_in_scope(function, place.statement.lineno) | global_names(place.source) | _BUILTINS
    documented = _documented_errors(place)
    weights: dict[str, float] = {}
    for guard, text in _raising_guards(site, place):
        fitted = _fit_names(text, guard, subject, known)
        if fitted is None or _own_type(site, fitted):
            continue
        weight = 2.0 if guard.source is place.source else 1.0
        weight += 1.0 if _same_class(guard, place) else 0.0
        same_check = guard.test is not None and guard.source.code(guard.test) == condition
        weight += SAME_CHECK_WEIGHT if same_check else 0.0
        weight += 4.0 if _error_name(fitted) in documented else 0.0
        weights[fitted] = max(weights.get(fitted, 0.0) + 0.5, weight)
    for name in sorted(documented - {_error_name(text) for text in weights} - set(site.error.bases)):
        if name in known:
            weights[f"raise {name}({subject})"] = 4.0
    fits = [Fit(text, weight, "the code around it refuses so") for text, weight in weights.items()]
    return sorted(fits, key=lambda fit: -fit.weight)


_BUILTINS = {"str", "repr", "len", "ValueError", "LookupError", "KeyError", "TypeError", "RuntimeError"}


def _raising_guards(site: CrashSite, place: Place) -> Iterator[tuple[Guard, str]]:
    sources = [place.source, *(source for source in site.project.files() if source is not place.source)]
    for source in sources[:50]:
        for guard in guards_in(source):
            if isinstance(guard.exit, ast.Raise) and guard.exit.exc is not None and guard.is_absence_check:
                yield guard, source.code(guard.exit)


def _fit_names(text: str, guard: Guard, subject: str, known: set[str]) -> str | None:
    """The statement with names that are unknown at the new place put right; None when that is not possible."""
    tree = ast.parse(text)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    bound = guard.handler.name if guard.handler is not None else None
    if bound and bound in names:
        text = re.sub(rf"\s+from\s+{re.escape(bound)}\b", "", text)
        if re.search(rf"\b{re.escape(bound)}\b", text):
            return None
        names.discard(bound)
    text = re.sub(r"\s+from\s+None$", "", text)
    strange = names - known
    if not strange:
        return text
    if len(strange) == 1 and re.fullmatch(r"[A-Za-z_][\w.]*", subject) and not next(iter(strange))[0].isupper():
        return re.sub(rf"\b{re.escape(strange.pop())}\b", subject, text)
    return None


def _own_type(site: CrashSite, text: str) -> bool:
    """Raising the very type that is being reported mends nothing."""
    return _error_name(text) == site.error.name


def _error_name(text: str) -> str:
    found = re.match(r"raise\s+([\w.]+)", text)
    return found.group(1).rsplit(".", 1)[-1] if found else ""


def _same_class(guard: Guard, place: Place) -> bool:
    own = place.source.enclosing(place.statement, ast.ClassDef)
    return own is not None and guard.source.enclosing(guard.function, ast.ClassDef) is own


def _documented_errors(place: Place) -> set[str]:
    text = ast.get_docstring(place.function) or "" if place.function is not None else ""
    return {name.rsplit(".", 1)[-1] for name in re.findall(r"[Rr]aises?:?\s+`*([\w.]+)", text)}


def import_of(site: CrashSite, source: SourceFile, text: str) -> Splice | None:
    """The import that a `raise` of a repository's exception needs in `source`; None when it needs none."""
    name = _error_name(text)
    home = repository_exceptions(site.project).get(name)
    if home is None or home[0] is source or name in global_names(source):
        return None
    line = f"from {module_of(home[0].path)} import {name}"
    return add_import(source, line)


def add_import(source: SourceFile, line: str) -> Splice:
    """`line` below the file's last top-level import, or below its docstring."""
    imports = [node for node in source.tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    if imports:
        return source.insert_after(imports[-1], [line])
    first = source.tree.body[0] if source.tree.body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return source.insert_after(first, ["", line])
    return Splice(0, 0, line + source.newline * 3)
