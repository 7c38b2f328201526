"""What a patch may touch at all."""

from pathlib import Path

import pytest

from tasks.models import FileEdit, RepositoryContext
from tasks.validation.policy import PatchPolicy, check_policy

TEST_BEFORE = "def test_a():\n    assert f() == 1\n    assert g() == 2\n"


def codes(edits: list[FileEdit], root: Path | None = None, policy: PatchPolicy | None = None) -> set[str]:
    repository = RepositoryContext(root=root) if root else None
    return {issue.code for issue in check_policy(edits, repository, policy or PatchPolicy())}


def edit(path: str, before: str | None = "x = 1\n", after: str | None = "x = 2\n") -> FileEdit:
    return FileEdit(path=path, before=before, after=after)


@pytest.mark.parametrize(
    "path", ["app/client.py", "src/a/b.py", ".gitignore", "docs/conf.py", "app/secrets.py", "a..b.py"]
)
def test_takes_a_source_file(path):
    assert codes([edit(path)]) == set()


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("../outside.py", "path-outside"),
        ("/etc/passwd", "path-outside"),
        ("app/../../x.py", "path-outside"),
        ("C:/x.py", "path-outside"),
        ("app\\..\\x.py", "path-outside"),
        ("", "path-outside"),
        ("app/a\nb.py", "path-outside"),
        (".git/hooks/pre-commit", "path-outside"),
        ("sub/.GIT/config", "path-outside"),
        (".git /config", "path-outside"),
        (".gitmodules", "path-outside"),
        (".github/workflows/ci.yml", "ci-edit"),
        (".gitlab-ci.yml", "ci-edit"),
        ("poetry.lock", "lock-file-edit"),
        ("web/package-lock.json", "lock-file-edit"),
        (".env", "secret-edit"),
        ("deploy/server.pem", "secret-edit"),
        ("pytest.ini", "test-settings"),
        ("tests/conftest.py", "test-edit"),
    ],
)
def test_refuses_what_is_not_source(path, code):
    assert codes([edit(path)]) == {code}


def test_refuses_a_file_behind_a_symbolic_link(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    root = tmp_path / "repo"
    root.mkdir()
    (root / "link").symlink_to(outside)
    assert codes([edit("link/x.py")], root) == {"path-outside"}
    assert codes([edit("app.py")], root) == set()


def test_lets_a_team_open_what_is_closed():
    policy = PatchPolicy(
        allow_ci_edits=True, allow_lock_file_edits=True, allow_secret_edits=True, allow_test_edits=True
    )
    edits = [edit(path) for path in (".github/workflows/ci.yml", "poetry.lock", ".env", "tests/test_a.py")]
    assert codes(edits, policy=policy) == set()


def test_keeps_to_the_paths_that_a_team_names():
    policy = PatchPolicy(allowed_paths=("app/*",), protected_paths=("app/billing/",))
    assert codes([edit("app/a.py")], policy=policy) == set()
    assert codes([edit("lib/a.py")], policy=policy) == {"path-not-allowed"}
    assert codes([edit("app/billing/tax.py")], policy=policy) != set()


def test_refuses_any_edit_of_a_test_but_takes_a_new_one():
    assert codes([edit("tests/test_a.py", TEST_BEFORE, TEST_BEFORE + "\n\ndef test_b():\n    assert h()\n")]) == {
        "test-edit"
    }
    assert codes([edit("tests/test_new.py", None, TEST_BEFORE)]) == set()
    assert codes([edit("tests/test_new.py", None, TEST_BEFORE)], policy=PatchPolicy(allow_new_tests=False)) == {
        "test-edit"
    }


@pytest.mark.parametrize(
    "after",
    [
        None,
        "",
        "def test_a():\n    assert f() == 1\n",
        "def test_a():\n    pass\n",
        "import pytest\n\n@pytest.mark.skip\ndef test_a():\n    assert f() == 1\n    assert g() == 2\n",
        "def test_a():\n    assert True\n    assert g() == 2\n",
    ],
)
def test_refuses_a_weakened_test_even_where_test_edits_are_allowed(after):
    assert codes([edit("tests/test_a.py", TEST_BEFORE, after)], policy=PatchPolicy(allow_test_edits=True)) == {
        "weakened-test"
    }


def test_refuses_other_test_settings_in_the_project_file():
    before = '[project]\nname = "a"\n'
    after = before + '[tool.pytest.ini_options]\naddopts = "--ignore=tests"\n'
    assert codes([edit("pyproject.toml", before, after)]) == {"test-settings"}
    assert codes([edit("pyproject.toml", before, before + 'version = "2"\n')]) == set()


def test_refuses_large_patches():
    assert codes([edit(f"a{n}.py") for n in range(4)], policy=PatchPolicy(max_files=3)) == {"too-many-files"}
    long = "".join(f"x{n} = {n}\n" for n in range(50))
    assert codes([edit("a.py", "", long)], policy=PatchPolicy(max_changed_lines=49)) == {"too-many-lines"}
    assert codes([edit("a.py", "", long)], policy=PatchPolicy(max_file_bytes=100)) == {"file-too-large"}


def test_refuses_a_patch_that_leaves_a_note_to_itself():
    assert codes([edit("a.py", "x = 1\n", "x = 2  # TODO: check this\n")]) == {"placeholder"}
    assert codes([edit("a.py", "x = 1  # TODO: check\n", "x = 2  # TODO: check\n")]) == set()
