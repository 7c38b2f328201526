from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tasks.errors import RepositoryError
from tasks.sandbox.workspace import open_workspace


def git(root: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"]
    command = ["git", *identity, "-C", str(root), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        place = root / name.replace("__", "/").replace("_dot_", ".")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def listing(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if ".git" not in path.parts and not path.is_dir()}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    write(
        root,
        app__a_dot_py="committed\n",
        app__gone_dot_py="x\n",
        _dot_gitignore="*.log\n.venv/\n_version.py\n*.egg-info/\n",
    )
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "first")
    return root


def test_copy_holds_what_is_on_disk_not_what_is_committed(repository):
    write(repository, app__a_dot_py="changed\n", new_dot_py="untracked\n", trace_dot_log="ignored\n")
    (repository / "app/gone.py").unlink()
    with open_workspace(repository) as workspace:
        assert listing(workspace.path) == {".gitignore", "app/a.py", "new.py"}
        assert (workspace.path / "app/a.py").read_text() == "changed\n"


def test_copy_at_a_commit_holds_what_was_committed(repository):
    (repository / "app/run.sh").write_text("#!/bin/sh\n")
    (repository / "app/run.sh").chmod(0o755)
    (repository / "app/link").symlink_to("a.py")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "second")
    write(repository, app__a_dot_py="changed\n")
    with open_workspace(repository, commit="HEAD") as workspace:
        assert (workspace.path / "app/a.py").read_text() == "committed\n"
        assert os.access(workspace.path / "app/run.sh", os.X_OK)
        assert (workspace.path / "app/link").readlink() == Path("a.py")
    with open_workspace(repository, commit="HEAD~1") as workspace:
        assert not (workspace.path / "app/run.sh").exists()


@pytest.mark.parametrize("commit", ["no-such", "--output=/tmp/x", "HEAD:app/a.py"])
def test_commit_that_does_not_exist_is_named(repository, commit):
    with pytest.raises(RepositoryError), open_workspace(repository, commit=commit):
        pass


def test_repository_is_left_untouched(repository):
    write(repository, app__a_dot_py="changed\n", new_dot_py="untracked\n")

    def state() -> dict[str, tuple[bytes, int]]:
        return {
            str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in repository.rglob("*") if path.is_file()
        }

    before = state()
    with open_workspace(repository) as workspace:
        write(workspace.path, app__a_dot_py="patched\n", other_dot_py="\n")
        git(workspace.path, "commit", "-q", "-a", "-m", "inside")
        assert state() == before
    with open_workspace(repository, commit="HEAD"):
        pass
    assert state() == before
    assert len(git(repository, "worktree", "list").splitlines()) == 1


def test_configuration_of_the_repository_runs_nothing(repository, tmp_path):
    marker = tmp_path / "owned"
    hook = tmp_path / "hook.sh"
    hook.write_text(f"#!/bin/sh\ntouch {marker}\ncat\n")
    hook.chmod(0o755)
    for key in ("core.fsmonitor", "filter.x.smudge", "filter.x.clean", "core.sshCommand", "core.pager"):
        git(repository, "config", key, str(hook))
    write(repository, _dot_gitattributes="* filter=x\n")
    marker.unlink(missing_ok=True)
    for commit in (None, "HEAD"):
        with open_workspace(repository, commit=commit) as workspace:
            assert (workspace.path / "app/a.py").exists()
    assert not marker.exists()


def test_copy_is_a_clean_git_repository(repository):
    with open_workspace(repository) as workspace:
        assert git(workspace.path, "status", "--short") == ""
        assert git(workspace.path, "ls-files").split() == [".gitignore", "app/a.py", "app/gone.py"]


def test_plain_folder_is_copied_without_environments_and_caches(tmp_path):
    root = tmp_path / "plain"
    write(root, a_dot_py="x", _dot_venv__pyvenv_dot_cfg="home=/usr", node_modules__x_dot_js="x", pkg__b_dot_txt="y")
    with open_workspace(root) as workspace:
        assert listing(workspace.path) == {"a.py", "pkg/b.txt"}


def test_folder_that_its_outer_repository_ignores_is_copied_as_plain(repository):
    write(repository, _dot_gitignore="cases/\n", cases__one__a_dot_py="x")
    with open_workspace(repository / "cases/one") as workspace:
        assert listing(workspace.path) == {"a.py"}


def test_folder_below_the_top_of_a_repository_is_copied_alone(repository):
    with open_workspace(repository / "app") as workspace:
        assert listing(workspace.path) == {"a.py", "gone.py"}


def test_generated_modules_and_metadata_come_along_although_ignored(repository):
    write(repository, app___version_dot_py="v = 1", shop_dot_egg_info="", _dot_venv__lib__x_dot_py="x")
    (repository / "shop.egg-info").mkdir()
    (repository / "shop.egg-info/PKG-INFO").write_text("Name: shop")
    (repository / "app/_version.py").write_text("v = 1")
    with open_workspace(repository) as workspace:
        found = listing(workspace.path)
    assert {"app/_version.py", "shop.egg-info/PKG-INFO"} <= found
    assert not any(name.startswith(".venv") for name in found)


def test_links_stay_inside_and_those_that_escape_are_named(repository, tmp_path):
    (tmp_path / "secret.txt").write_text("s")
    for name, goal in {
        "inside": "app/a.py",
        "absolute": str(repository / "app/a.py"),
        "out": "../secret.txt",
        "away": str(tmp_path / "secret.txt"),
        "here": ".",
        "sly": "here/../secret.txt",
        "dangling": "app/none.py",
    }.items():
        (repository / name).symlink_to(goal)
    with open_workspace(repository) as workspace:
        assert (workspace.path / "inside").read_text() == "committed\n"
        assert (workspace.path / "absolute").readlink() == Path("app/a.py")
        assert (workspace.path / "dangling").is_symlink()
        assert not any((workspace.path / name).is_symlink() for name in ("out", "away", "sly"))
        assert len(workspace.notes) == 3


def test_modes_are_kept_and_the_owner_may_write(repository):
    (repository / "app/a.py").chmod(0o555)
    with open_workspace(repository) as workspace:
        mode = (workspace.path / "app/a.py").stat().st_mode
        assert mode & 0o777 == 0o755


def test_pipes_and_odd_names_do_no_harm(repository):
    os.mkfifo(repository / "pipe")
    odd = ["with space.py", "new\nline.py", "-dash.py", "ünï.py", os.fsdecode(b"raw\xff.py")]
    for name in odd:
        (repository / name).write_text("x")
    with open_workspace(repository) as workspace:
        assert set(odd) < {path.name for path in workspace.path.iterdir()}
        assert not (workspace.path / "pipe").exists()


def test_nested_repository_and_submodule_come_along(repository):
    inner = repository / "vendor/inner"
    inner.mkdir(parents=True)
    git(inner, "init", "-q")
    write(inner, b_dot_py="x")
    with open_workspace(repository) as workspace:
        assert (workspace.path / "vendor/inner/b.py").exists()


def test_empty_repository_and_empty_folder_are_fine(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    git(tmp_path / "a", "init", "-q")
    for name in ("a", "b"):
        with open_workspace(tmp_path / name) as workspace:
            assert listing(workspace.path) == set()


def test_missing_folder_is_named(tmp_path):
    with pytest.raises(RepositoryError, match="nowhere"), open_workspace(tmp_path / "nowhere"):
        pass


def test_copy_is_gone_after_an_error_and_when_made_unwritable(repository):
    with pytest.raises(ZeroDivisionError), open_workspace(repository) as workspace:
        (workspace.path / "app").chmod(0o500)
        raise ZeroDivisionError
    assert not workspace.path.exists()


def test_leftovers_of_a_killed_run_are_swept_and_living_ones_kept(repository):
    script = textwrap.dedent(
        f"""
        import time
        from pathlib import Path
        from tasks.sandbox.workspace import open_workspace
        with open_workspace(Path({str(repository)!r})) as workspace:
            print(workspace.path, flush=True)
            time.sleep(60)
        """
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        left = Path(process.stdout.readline().strip())
        with open_workspace(repository):
            assert left.exists()
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert left.exists()
    with open_workspace(repository):
        assert not left.exists()
