from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.errors import RepositoryError
from tasks.models import FileEdit
from tasks.patches import apply_edits, edit_file, read_source, revert_edits, unified_diff

TEXTS = st.text(alphabet="ab \n\r\té–", max_size=30)


@given(before=st.none() | TEXTS, after=st.none() | TEXTS)
def test_git_applies_the_diff_of_any_edit(
    before: str | None, after: str | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("repo")
    edit = FileEdit(path="pkg/file.txt", before=before, after=after)
    (root / "pkg").mkdir()
    if before is not None:
        (root / edit.path).write_bytes(before.encode())
    patch = unified_diff([edit])

    if before != after:
        subprocess.run(["git", "init", "-q"], cwd=root, check=True)
        command = ["git", "apply", "--whitespace=nowarn", "-"]
        subprocess.run(command, cwd=root, input=patch.encode("utf-8", "surrogateescape"), check=True)
    target = root / edit.path
    assert (target.read_bytes() if target.exists() else None) == (after.encode() if after is not None else None)


def test_diff_of_equal_sides_is_empty() -> None:
    assert unified_diff([FileEdit(path="a.py", before="x\n", after="x\n")]) == ""


def test_edit_keeps_declared_encoding_and_newlines(tmp_path: Path) -> None:
    raw = "# -*- coding: latin-1 -*-\r\nname = 'é'\r\n".encode("latin-1")
    (tmp_path / "m.py").write_bytes(raw)
    text, encoding = read_source(tmp_path / "m.py")
    edit = edit_file(tmp_path, "m.py", text.replace("name", "word"))

    apply_edits(tmp_path, [edit])

    assert encoding == "iso-8859-1"
    assert (tmp_path / "m.py").read_bytes() == raw.replace(b"name", b"word")
    revert_edits(tmp_path, [edit])
    assert (tmp_path / "m.py").read_bytes() == raw


def test_revert_removes_a_new_file(tmp_path: Path) -> None:
    edit = FileEdit(path="tests/test_new.py", before=None, after="x = 1\n")
    apply_edits(tmp_path, [edit])
    revert_edits(tmp_path, [edit])
    assert not (tmp_path / "tests/test_new.py").exists()


@pytest.mark.parametrize("path", ["../outside.py", "/etc/hostname", "link/inside.py", "file-link"])
def test_refuses_to_leave_the_repository(tmp_path: Path, path: str) -> None:
    root = tmp_path / "repo"
    root.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (root / "link").symlink_to(tmp_path / "elsewhere")
    (root / "file-link").symlink_to(tmp_path / "elsewhere" / "x")
    with pytest.raises(RepositoryError, match="outside the repository"):
        apply_edits(root, [FileEdit(path=path, before=None, after="x")])
