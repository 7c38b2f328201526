"""Reading, applying and printing file edits without losing a file's encoding or newlines."""

from __future__ import annotations

import subprocess
import tempfile
import tokenize
from collections.abc import Iterable
from pathlib import Path

from tasks.errors import RepositoryError
from tasks.models import FileEdit


def read_source(path: Path) -> tuple[str, str]:
    """Text with its newlines as they are, and its encoding: PEP 263 for Python, UTF-8 otherwise.

    Raises UnicodeDecodeError or SyntaxError when the bytes are not text in that encoding.
    """
    raw = path.read_bytes()
    encoding = "utf-8"
    if path.suffix == ".py":
        encoding, _ = tokenize.detect_encoding(iter(raw.splitlines(keepends=True)).__next__)
    return raw.decode(encoding), encoding


def edit_file(root: Path, path: str, after: str) -> FileEdit:
    """The edit that turns the file at `path` below `root` into `after`."""
    before, encoding = read_source(root / path)
    return FileEdit(path=path, before=before, after=after, encoding=encoding)


def resolve_inside(root: Path, path: str) -> Path:
    """`root / path`, refused when it or a link on the way leaves `root`."""
    target = root / path
    if not target.resolve().is_relative_to(root.resolve()) or target.is_symlink():
        raise RepositoryError(f"{path!r} lies outside the repository; a patch may only touch files inside it")
    return target


def apply_edits(root: Path, edits: Iterable[FileEdit]) -> None:
    """Write the `after` side of each edit below `root`."""
    for edit in edits:
        target = resolve_inside(root, edit.path)
        if edit.after is None:
            target.unlink()
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(edit.after.encode(edit.encoding))


def revert_edits(root: Path, edits: Iterable[FileEdit]) -> None:
    """Write the `before` side of each edit below `root`."""
    apply_edits(root, [edit.model_copy(update={"before": edit.after, "after": edit.before}) for edit in edits])


def unified_diff(edits: Iterable[FileEdit]) -> str:
    """The edits as one patch that `git apply` takes from the repository's root; empty when nothing differs."""
    with tempfile.TemporaryDirectory(prefix="mendflow-diff-") as folder:
        base = Path(folder)
        for edit in edits:
            for side, text in (("a", edit.before), ("b", edit.after)):
                if text is not None:
                    target = base / side / edit.path
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(text.encode(edit.encoding))
        for side in ("a", "b"):
            (base / side).mkdir(exist_ok=True)
        command = ["git", "-c", "core.autocrlf=false", "-c", "core.quotepath=off", "diff", "--no-index", "--no-color"]
        command += ["--no-ext-diff", "--no-renames", "--no-prefix", "a", "b"]
        run = subprocess.run(command, cwd=base, capture_output=True, check=False)
        return run.stdout.decode("utf-8", "surrogateescape")
