"""A file or folder that is not there yet, or is there already.

What it does: makes the folder before writing into it, accepts one that exists, answers for a file that is missing,
ignores the removal of what is gone.

    before    target.write_text(json.dumps(rows))
    after     target.parent.mkdir(parents=True, exist_ok=True)
              target.write_text(json.dumps(rows))

When it does not apply: permission errors, which code cannot mend.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.generation.crash.conventions import global_names
from tasks.generation.crash.guards import guard_above, is_pure
from tasks.generation.crash.handlers import handle_error
from tasks.generation.crash.project import called_name
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.refusals import add_import
from tasks.generation.crash.site import CrashSite, Place
from tasks.generation.crash.source import Splice

_WRITERS = {
    "write_text",
    "write_bytes",
    "touch",
    "copy",
    "copyfile",
    "copy2",
    "move",
    "rename",
    "replace",
    "connect",
    "savez",
    "dump",
}
_READERS = {"read_text", "read_bytes", "open", "listdir", "iterdir", "scandir", "stat", "getsize", "getmtime", "load"}


def propose(site: CrashSite) -> Iterator[Proposal]:
    name = site.error.name
    if name not in ("FileNotFoundError", "FileExistsError", "NotADirectoryError"):
        return
    for depth, place in enumerate(site.places[:2]):
        call = place.node
        if not isinstance(call, ast.Call):
            continue
        if name == "FileExistsError":
            yield from _accept_existing(place, call)
        elif _writes(call):
            yield from _make_folder(place, call)
        else:
            yield from _for_reading(site, place, call)
        if name == "FileNotFoundError":
            yield from _already_gone(place, call)
            yield from handle_error(site, place, name, share=0.8 - 0.2 * depth)


def _writes(call: ast.Call) -> bool:
    name = called_name(call)
    if name == "open":
        mode = _mode(call)
        return any(letter in mode for letter in "wax")
    return name in _WRITERS or name in ("mkdir", "makedirs")


def _mode(call: ast.Call) -> str:
    at = (
        0
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) not in ("io", "codecs", "gzip")
        else 1
    )
    values = [keyword.value for keyword in call.keywords if keyword.arg == "mode"] + call.args[at : at + 1]
    return next((str(value.value) for value in values if isinstance(value, ast.Constant)), "r")


def _target(call: ast.Call) -> tuple[ast.expr, bool] | None:
    """The path written to, and whether it is a `Path` for sure."""
    name = called_name(call)
    if name in ("copy", "copyfile", "copy2", "move", "rename", "replace") and call.args:
        return call.args[-1], False
    methods = ("write_text", "write_bytes", "touch", "open", "mkdir")
    modules = ("io", "codecs", "gzip", "os")
    if isinstance(call.func, ast.Attribute) and name in methods and ast.unparse(call.func.value) not in modules:
        return call.func.value, True
    return (call.args[0], False) if call.args else None


def _make_folder(place: Place, call: ast.Call) -> Iterator[Proposal]:
    source = place.source
    if called_name(call) in ("mkdir", "makedirs"):
        yield from _with_parents(place, call)
        return
    target = _target(call)
    if target is None or (not is_pure(target[0]) and not isinstance(target[0], ast.BinOp)):
        return
    text = source.code(target[0])
    is_path = target[1] or place.type_of(text) in ("PosixPath", "WindowsPath", "Path")
    words = "The folder is made first."
    if is_path:
        shown = text if re.fullmatch(r"[\w.\[\]'\"]+", text) else f"({text})"
        lines = [f"{shown}.parent.mkdir(parents=True, exist_ok=True)"]
        yield change("make_folder", source, source.insert_before(place.anchor, lines), 0.88, words)
    else:
        needed = [] if "os" in global_names(source) else [add_import(source, "import os")]
        lines = [f"os.makedirs(os.path.dirname({text}), exist_ok=True)"]
        yield change("make_folder", source, [source.insert_before(place.anchor, lines), *needed], 0.85, words)
        lines = [f"os.makedirs(os.path.dirname({text}) or {source.quote}.{source.quote}, exist_ok=True)"]
        yield change("make_folder", source, [source.insert_before(place.anchor, lines), *needed], 0.8, words)


def _with_parents(place: Place, call: ast.Call) -> Iterator[Proposal]:
    source = place.source
    if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "os":
        name = call.func
        start = source.span(name)[1] - len("mkdir")
        if name.attr == "mkdir":
            yield change("make_parents", source, Splice(start, start + 5, "makedirs"), 0.85, "Parents are made too.")
        return
    given = {keyword.arg for keyword in call.keywords}
    text = ", ".join(f"{name}=True" for name in ("parents", "exist_ok") if name not in given)
    yield change("make_parents", source, _append(place, call, text), 0.85, "Parents are made too.")


def _append(place: Place, call: ast.Call, text: str) -> Splice:
    end = place.source.span(call)[1] - 1
    return Splice(end, end, f", {text}" if call.args or call.keywords else text)


def _accept_existing(place: Place, call: ast.Call) -> Iterator[Proposal]:
    source = place.source
    if called_name(call) in ("mkdir", "makedirs") and not any(keyword.arg == "exist_ok" for keyword in call.keywords):
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func) == "os.mkdir":
            start = source.span(call.func)[0]
            end = source.span(call)[1] - 1
            splices = [Splice(start, start + len("os.mkdir"), "os.makedirs"), Splice(end, end, ", exist_ok=True")]
            yield change("accept_existing", source, splices, 0.88, "A folder that exists is fine.")
        else:
            yield change(
                "accept_existing", source, _append(place, call, "exist_ok=True"), 0.9, "A folder that exists is fine."
            )


def _for_reading(site: CrashSite, place: Place, call: ast.Call) -> Iterator[Proposal]:
    target = _target(call)
    name = called_name(call)
    if isinstance(call.func, ast.Attribute) and name in ("read_text", "read_bytes", "iterdir", "stat"):
        target = call.func.value, True
    if target is None or not is_pure(target[0]):
        return
    text = place.source.code(target[0])
    is_path = target[1] or place.type_of(text) in ("PosixPath", "Path", "WindowsPath")
    if is_path:
        yield from guard_above(site, place, f"not {text}.exists()", rule="guard_missing_file", subject=text)
    elif "os" in global_names(place.source):
        yield from guard_above(site, place, f"not os.path.exists({text})", rule="guard_missing_file", subject=text)


def _already_gone(place: Place, call: ast.Call) -> Iterator[Proposal]:
    name = called_name(call)
    source = place.source
    if name == "unlink" and isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) != "os":
        if not call.args and not call.keywords:
            yield change(
                "missing_ok", source, _append(place, call, "missing_ok=True"), 0.88, "What is gone needs no removal."
            )
    elif name in ("remove", "unlink", "rmdir") and isinstance(place.statement, ast.Expr):
        needed = [] if "contextlib" in global_names(source) else [add_import(source, "import contextlib")]
        lines = [
            "with contextlib.suppress(FileNotFoundError):",
            *(source.indent_unit + x for x in source.lines_of(place.statement)),
        ]
        splices = [source.replace_lines(place.statement, place.statement, lines), *needed]
        yield change("missing_ok", source, splices, 0.8, "What is gone needs no removal.")
    elif name == "rmtree":
        yield change(
            "missing_ok", source, _append(place, call, "ignore_errors=True"), 0.7, "What is gone needs no removal."
        )
