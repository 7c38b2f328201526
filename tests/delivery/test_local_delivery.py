from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tasks.delivery import Delivery, apply_to_repository, check_delivery, deliver
from tasks.errors import InputError, RepositoryError
from tasks.models import CandidatePatch, FileEdit, Incident, RemediationResult, Status, Technique
from tasks.patches import unified_diff

EDIT = FileEdit(path="app.py", before="limit = 1\n", after="limit = 2\n")


def git(repo: Path, *arguments: str) -> str:
    command = ["git", "-C", str(repo), "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    root = tmp_path / "repo"
    root.mkdir()
    (root / "app.py").write_text("limit = 1\n")
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Start")
    return root


@pytest.fixture
def result() -> RemediationResult:
    candidate = CandidatePatch(edits=(EDIT,), technique=Technique.SEARCH, rule="constant", description="Raises it.")
    return RemediationResult(
        status=Status.FIXED,
        reason="test_limit failed before and passes now",
        incident=Incident(id="i-1", title="Limit too low", fingerprint="f00dfeedbeef77"),
        patch=unified_diff([EDIT]),
        candidate=candidate,
    )


def test_writes_a_patch_file_that_git_applies(repo: Path, result: RemediationResult, tmp_path: Path) -> None:
    place = deliver(result, repo, Delivery.PATCH, tmp_path / "out")
    assert place is not None
    git(repo, "apply", place)
    assert (repo / "app.py").read_text() == "limit = 2\n"


def test_branch_leaves_working_tree_and_index_alone(repo: Path, result: RemediationResult) -> None:
    (repo / "notes.txt").write_text("mine")
    (repo / "app.py").write_text("limit = 1  # being edited\n")
    git(repo, "add", "notes.txt")
    status = git(repo, "status", "--porcelain")

    branch = deliver(result, repo, Delivery.BRANCH, repo)

    assert git(repo, "status", "--porcelain") == status
    assert git(repo, "branch", "--show-current").strip() == "main"
    assert git(repo, "show", f"{branch}:app.py") == "limit = 2\n"
    assert git(repo, "log", "--format=%s", f"main..{branch}").strip() == "Fix Limit too low"


def test_same_fix_again_keeps_the_branch(repo: Path, result: RemediationResult) -> None:
    first = deliver(result, repo, Delivery.BRANCH, repo)
    commit = git(repo, "rev-parse", str(first))
    assert deliver(result, repo, Delivery.BRANCH, repo) == first
    assert git(repo, "rev-parse", str(first)) == commit


def test_leaves_a_branch_with_other_content_alone(repo: Path, result: RemediationResult) -> None:
    branch = str(deliver(result, repo, Delivery.BRANCH, repo))
    (repo / "app.py").write_text("limit = 9\n")
    git(repo, "commit", "--quiet", "--all", "--message", "Other")
    git(repo, "branch", "--force", branch, "main")
    git(repo, "reset", "--quiet", "--hard", "HEAD~1")
    with pytest.raises(RepositoryError, match="already holds another change"):
        deliver(result, repo, Delivery.BRANCH, repo)


def test_apply_refuses_a_file_that_changed_meanwhile(repo: Path) -> None:
    (repo / "app.py").write_text("limit = 7\n")
    with pytest.raises(RepositoryError, match="changed during the run"):
        apply_to_repository(repo, [EDIT])
    assert (repo / "app.py").read_text() == "limit = 7\n"


def test_nothing_is_written_when_one_of_two_files_changed(repo: Path) -> None:
    other = FileEdit(path="other.py", before="old\n", after="new\n")
    with pytest.raises(RepositoryError, match=r"other\.py"):
        apply_to_repository(repo, [EDIT, other])
    assert (repo / "app.py").read_text() == "limit = 1\n"


def test_impossible_deliveries_are_refused_before_any_work(repo: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no forge is configured"):
        check_delivery(Delivery.PULL_REQUEST, repo)
    (tmp_path / "plain").mkdir()
    with pytest.raises(InputError, match="git repository"):
        check_delivery(Delivery.BRANCH, tmp_path / "plain")
    check_delivery(Delivery.BRANCH, repo)
