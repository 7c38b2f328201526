"""What `WorkflowContextManager` finds in repositories of every shape."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tasks.context.manager import WorkflowContextManager
from tasks.errors import RepositoryError
from tasks.models import Incident, RepositoryContext

INCIDENT = Incident(id="1", title="Something broke")


def write(root: Path, files: Mapping[str, str]) -> Path:
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    return root


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def commit_all(root: Path, subject: str = "Begin") -> None:
    if not (root / ".git").exists():
        git(root, "init")
    git(root, "add", "-A")
    git(root, "commit", "-m", subject)


def build(root: Path) -> RepositoryContext:
    return WorkflowContextManager(None).build(INCIDENT, root)


def test_lists_sources_and_tests_of_a_plain_folder_without_what_is_ignored(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "app/core.py": "",
            "app/with space.py": "",
            "tests/test_core.py": "",
            ".gitignore": "build/\n",
            "build/made.py": "",
            "node_modules/left/pad.js": "",
            "env/pyvenv.cfg": "",
            "env/lib/thing.py": "",
        },
    )
    context = build(tmp_path)
    assert context.source_files == ("app/core.py", "app/with space.py")
    assert context.test_files == ("tests/test_core.py",)
    assert not context.is_git
    assert any("not a git repository" in note for note in context.notes)


def test_reads_history_branch_and_uncommitted_changes(tmp_path: Path) -> None:
    write(tmp_path, {"app/core.py": "A = 1\n"})
    commit_all(tmp_path, "Add the core")
    write(tmp_path, {"app/core.py": "A = 2\n", "app/new.py": ""})
    context = build(tmp_path)
    assert (context.is_git, context.branch) == (True, "main")
    assert [(c.subject, c.paths) for c in context.recent_commits] == [("Add the core", ("app/core.py",))]
    assert context.source_files == ("app/core.py", "app/new.py")
    assert any(note.startswith("2 files differ") for note in context.notes)


def test_says_that_a_repository_without_commits_has_none(tmp_path: Path) -> None:
    git(tmp_path, "init")
    context = build(tmp_path)
    assert (context.is_git, context.commit) == (True, None)
    assert any("no commit yet" in note for note in context.notes)
    assert any("empty" in note for note in context.notes)


def test_says_that_a_clone_is_shallow(tmp_path: Path) -> None:
    origin = write(tmp_path / "origin", {"a.py": ""})
    commit_all(origin)
    git(origin, "commit", "--allow-empty", "-m", "Second")
    git(tmp_path, "clone", "--depth", "1", origin.as_uri(), "clone")
    context = build(tmp_path / "clone")
    assert context.is_shallow
    assert any("shallow" in note for note in context.notes)


def test_treats_a_folder_inside_a_repository_as_plain(tmp_path: Path) -> None:
    commit_all(write(tmp_path, {"service/a.py": ""}))
    assert not build(tmp_path / "service").is_git


def test_runs_nothing_that_the_configuration_of_the_repository_names(tmp_path: Path) -> None:
    root = write(tmp_path / "repo", {"a.py": "A = 1\n", ".gitattributes": "*.py filter=evil diff=evil\n"})
    commit_all(root)
    trap = tmp_path / "trap"
    command = f"touch {trap};cat"
    for key in ("core.fsmonitor", "filter.evil.clean", "filter.evil.smudge", "diff.evil.textconv", "diff.external"):
        git(root, "config", key, command)
    for key, value in (("core.worktree", "/etc"), ("log.showSignature", "true"), ("gpg.program", command)):
        git(root, "config", key, value)
    os.utime(root / "a.py", (0, 0))
    (root / "a.py").write_text("A = 2\n")
    context = build(root)
    assert not trap.exists()
    assert context.source_files == ("a.py",)
    assert len(context.recent_commits) == 1


def test_survives_link_loops_and_names_that_are_not_utf8(tmp_path: Path) -> None:
    write(tmp_path, {"pkg/a.py": ""})
    (tmp_path / "pkg/loop").symlink_to(tmp_path)
    (tmp_path / "pkg/away.py").symlink_to("/etc/hostname")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/pkg/caf\xe9.py")).write_text("")
    for commit in (False, True):
        if commit:
            commit_all(tmp_path)
        context = build(tmp_path)
        assert context.source_files == ("pkg/a.py",)
        assert any("not UTF-8: 1" in note for note in context.notes)


@pytest.mark.parametrize("name", ["missing", "a-file", "bare"])
def test_refuses_what_is_no_repository_in_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "a-file").write_text("")
    git(tmp_path, "init", "--bare", "bare")
    with pytest.raises(RepositoryError) as raised:
        build(tmp_path / name)
    assert name in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"tests/test_a.py": "def test(): pass"}, ("python", "-m", "pytest", "-q")),
        ({"tests/test_a.py": "import unittest"}, ("python", "-m", "pytest", "-q")),
        ({"tests/testcase.py": "import unittest"}, ("python", "-m", "unittest", "discover", "-p", "test*.py")),
        ({"mendflow.toml": 'test_command = "make check"'}, ("make", "check")),
        ({"mendflow.toml": 'test_command = "cd x && make"'}, ("sh", "-c", "cd x && make")),
        ({"pyproject.toml": '[tool.mendflow]\ntest_command = ["tox", "-q"]'}, ("tox", "-q")),
        ({"package.json": '{"scripts": {"test": "jest"}}'}, ("npm", "test")),
        ({"go.mod": "module x", "x_test.go": ""}, ("go", "test", "./...")),
        ({"a.py": "", "Makefile": "test:\n\ttrue\n"}, None),
    ],
)
def test_finds_the_test_command(tmp_path: Path, files: dict[str, str], command: tuple[str, ...] | None) -> None:
    context = build(write(tmp_path, files))
    assert context.test_command == command
    assert any("no tests were found" in note for note in context.notes) is (command is None)


def test_reads_dependencies_from_every_kind_of_file(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyproject.toml": '[project]\ndependencies = ["requests>=2,<3", "rich[all]"]\n',
            "requirements.txt": "# pins\nflask==3.0.0 ; python_version > '3'\n-r other.txt\ngit+https://x/y\n",
            "setup.cfg": "[options]\ninstall_requires =\n    click>=8\n",
            "setup.py": "from setuptools import setup\nNEEDS = ['attrs']\nsetup(install_requires=NEEDS)\n",
            "Pipfile": '[packages]\nurllib3 = "*"\n',
            "package.json": '{"dependencies": {"react": "^18"}}',
            "go.mod": "module x\nrequire github.com/a/b v1.2.3\n",
        },
    )
    found = {(item.source, item.name, item.specifier) for item in build(tmp_path).dependencies}
    assert found == {
        ("pyproject.toml", "requests", ">=2,<3"),
        ("pyproject.toml", "rich", ""),
        ("requirements.txt", "flask", "==3.0.0"),
        ("setup.cfg", "click", ">=8"),
        ("setup.py", "attrs", ""),
        ("Pipfile", "urllib3", ""),
        ("package.json", "react", "^18"),
        ("go.mod", "github.com/a/b", "v1.2.3"),
    }


@pytest.mark.parametrize(
    ("files", "minimum"),
    [
        ({"pyproject.toml": '[project]\nrequires-python = ">=3.9,<4"'}, (3, 9)),
        ({"pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.10"'}, (3, 10)),
        ({"setup.cfg": "[options]\npython_requires = >=3.8"}, (3, 8)),
        ({"setup.py": "import setuptools\nsetuptools.setup(python_requires='>=3.7')"}, (3, 7)),
        ({".python-version": "3.12.4\n"}, (3, 12)),
        ({"pyproject.toml": "not toml ["}, None),
    ],
)
def test_reads_the_oldest_python_that_is_meant(
    tmp_path: Path, files: dict[str, str], minimum: tuple[int, int] | None
) -> None:
    assert build(write(tmp_path, files)).minimum_python == minimum


def test_measures_conventions_from_the_files(tmp_path: Path) -> None:
    body = "import structlog\n\n\ndef load(key: str) -> str:\n\t'''Say.'''\n\treturn 'a' + key\n"
    write(tmp_path, {"a.py": body, "b.py": body, "tox.ini": "[flake8]\nmax-line-length = 100\n"})
    found = build(tmp_path).conventions
    assert (found.indent, found.quote, found.logging, found.line_length) == ("\t", "'", "structlog", 100)
    assert found.type_hints
    assert found.docstrings


def test_takes_the_interpreter_only_from_inside_the_repository(tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere/bin"
    inside = tmp_path / "repo/venv/bin"
    for folder in (outside, inside):
        folder.mkdir(parents=True)
        (folder / "python").touch(mode=0o755)
    (tmp_path / "repo/.venv").symlink_to(tmp_path / "elsewhere")
    assert build(tmp_path / "repo").python == str(inside / "python")


def test_second_build_of_the_same_contents_comes_from_the_cache(tmp_path: Path) -> None:
    root = write(tmp_path / "repo", {"app/billing.py": "def charge():\n    pass\n"})
    commit_all(root)
    first = WorkflowContextManager(tmp_path / "cache")
    expected = first.build(INCIDENT, root)
    assert (first.cache_hits, first.cache_lookups) == (0, 2)

    second = WorkflowContextManager(tmp_path / "cache")
    assert second.build(INCIDENT, root) == expected
    assert (second.cache_hits, second.cache_lookups) == (2, 2)

    other = WorkflowContextManager(tmp_path / "cache")
    found = other.build(Incident(id="2", title="`charge` fails"), root)
    assert (other.cache_hits, found.suspects[0].function) == (1, "charge")


def test_a_changed_file_and_a_broken_entry_are_misses(tmp_path: Path) -> None:
    root = write(tmp_path / "repo", {"a.py": "A = 1\n"})
    cache = tmp_path / "cache"
    expected = WorkflowContextManager(cache).build(INCIDENT, root)
    for entry in cache.rglob("*.json"):
        entry.write_text("{broken")
    manager = WorkflowContextManager(cache)
    assert manager.build(INCIDENT, root) == expected
    write(root, {"a.py": "A = 2\n"})
    assert manager.build(INCIDENT, root).content_hash != expected.content_hash
    assert manager.cache_hits == 0


def test_given_commits_and_dependencies_add_to_what_was_found(tmp_path: Path) -> None:
    write(tmp_path, {"requirements.txt": "requests==2\n"})
    given: dict[str, object] = {
        "recent_commits": [..., {"sha": "abc", "message": "Retry", "date": "2026-01-02T00:00:00Z", "files": ["a.py"]}],
        "dependencies": [..., "requests>=1", "httpx"],
    }
    context = WorkflowContextManager(None).build(INCIDENT, tmp_path, given=given)
    assert [(c.sha, c.subject, c.paths) for c in context.recent_commits] == [("abc", "Retry", ("a.py",))]
    assert [(d.name, d.specifier) for d in context.dependencies] == [("requests", "==2"), ("httpx", "")]
