"""`mendflow validate`: the five levels, on files or on a change."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deployments import rendering
from tasks.errors import InputError
from tasks.logs import configure_logging
from tasks.models import FileEdit
from tasks.patches import read_source
from tasks.settings import load_settings
from tasks.validation.configured import configured_options
from tasks.validation.pipeline import CodeValidationPipeline
from tasks.validation.sarif import to_sarif
from tasks.validation.source import Source

NOT_VALID = 3


def validate(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders whose files are checked.", show_default=False)],
    before: Annotated[
        Path | None, typer.Option(help="The tree before the change: only what the change brought is reported.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON document.")] = False,
    sarif: Annotated[bool, typer.Option("--sarif", help="Print the issues as SARIF 2.1.")] = False,
) -> None:
    """Check code on five levels: syntax, patterns, security, performance, best practices.

    Files are checked as they are; with `--before`, only what the change brought counts. Ends with 0 when valid, else
    with 3.

    Example: `mendflow validate src/ --before ../main-checkout/src`
    """
    settings = load_settings()
    configure_logging(settings)
    pipeline = CodeValidationPipeline(configured_options(settings.unified_code_generation))
    files = [file for path in paths for file in source_files(path)]
    if before is None:
        result = pipeline.validate_files(files)
    else:
        result = pipeline.validate_change([edit for path in paths for edit in edits_between(path, before)])
    if sarif:
        rendering.print_json(to_sarif(result))
    elif as_json:
        rendering.print_json(result)
    else:
        rendering.print_validation(rendering.console(), result)
    raise typer.Exit(0 if result.is_valid else NOT_VALID)


def source_files(path: Path) -> list[Path]:
    """The file itself, or every file below a folder that a level can check; hidden folders are left out."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise InputError(f"no file or folder {str(path)!r}")
    below = (file for file in sorted(path.rglob("*")) if file.is_file() and Source(file.name, "").language)
    found = [file for file in below if not any(part.startswith(".") for part in file.relative_to(path).parts)]
    if not found:
        raise InputError(f"nothing to check below {str(path)!r}")
    return found


def edits_between(path: Path, before: Path) -> list[FileEdit]:
    """What changed from the tree `before` to `path`: a folder is compared as a whole, a file with its namesake."""
    if not before.is_dir():
        raise InputError(f"--before takes a folder, and {str(before)!r} is none")
    if path.is_file():
        return changed(earlier(path, before), path, path.as_posix())
    new = {file.relative_to(path): file for file in source_files(path)}
    old = {file.relative_to(before): file for file in source_files(before)}
    names = sorted(new.keys() | old.keys())
    return [edit for name in names for edit in changed(old.get(name), new.get(name), name.as_posix())]


def earlier(path: Path, before: Path) -> Path | None:
    """The file below `before` that shares the longest tail of `path`."""
    parts = path.resolve().parts[1:]
    tails = (before.joinpath(*parts[start:]) for start in range(len(parts)))
    return next((tail for tail in tails if tail.is_file()), None)


def changed(old: Path | None, new: Path | None, name: str) -> list[FileEdit]:
    before, _ = read_text(old) if old else (None, "")
    after, encoding = read_text(new) if new else (None, "utf-8")
    return [] if before == after else [FileEdit(path=name, before=before, after=after, encoding=encoding)]


def read_text(path: Path) -> tuple[str, str]:
    try:
        return read_source(path)
    except (UnicodeDecodeError, SyntaxError):
        raise InputError(f"{str(path)!r} is not text in the encoding that it declares") from None
