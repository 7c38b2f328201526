from __future__ import annotations

import logging
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from tasks.errors import ConfigurationError, SandboxError, TestCommandError
from tasks.protocols import SandboxJob
from tasks.sandbox import choose_sandbox
from tasks.sandbox.interpreter import interpreter_folders


def test_auto_prefers_bubblewrap_where_it_is_installed():
    expected = "bubblewrap" if shutil.which("bwrap") else "rlimits"
    assert choose_sandbox().name == expected


def test_weaker_sandbox_says_so(caplog):
    from tasks.sandbox import choose

    choose._weaker.cache_clear()
    with caplog.at_level(logging.WARNING):
        assert choose_sandbox("rlimits").name == "rlimits"
    assert "WEAK SANDBOX" in caplog.text


def test_unknown_sandbox_is_refused():
    with pytest.raises(ConfigurationError, match="chroot"):
        choose_sandbox("chroot")


def test_command_that_does_not_exist_cannot_start(sandbox, workspace):
    with pytest.raises(TestCommandError, match="no-such-command"):
        sandbox.run(SandboxJob(["no-such-command"], cwd=workspace))


def test_folder_that_does_not_exist_cannot_be_shared(sandbox, workspace):
    with pytest.raises(SandboxError, match="missing"):
        sandbox.run(SandboxJob(["true"], cwd=workspace, writable=[workspace / "missing"]))


@pytest.mark.parametrize(("source", "code"), [("exit(7)", 7), ("import os; os.kill(os.getpid(), 15)", 143)])
def test_exit_code_tells_status_or_signal(sandbox, workspace, source, code):
    run = sandbox.run(SandboxJob([sys.executable, "-I", "-c", source], cwd=workspace))
    assert (run.exit_code, run.ended_by) == (code, "exit")


def test_own_interpreter_and_its_packages_work_inside(sandbox, workspace):
    run = sandbox.run(SandboxJob([sys.executable, "-c", "import pytest; print('ok')"], cwd=workspace))
    assert run.stdout == b"ok\n", run


def test_readable_folder_can_be_read_and_not_written(bubblewrap, workspace, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.txt").write_text("hello")
    source = f"cat {tmp_path}/data/a.txt; touch {tmp_path}/data/b.txt"
    run = bubblewrap.run(SandboxJob(["sh", "-c", source], cwd=workspace, readable=[tmp_path / "data"]))
    assert run.stdout == b"hello"
    assert b"Read-only" in run.stderr


def test_folder_below_the_other_temporary_folder_can_be_shared(bubblewrap):
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        job = SandboxJob(["touch", "made"], cwd=Path(folder), writable=[Path(folder)])
        assert bubblewrap.run(job).exit_code == 0
        assert (Path(folder) / "made").exists()


def test_interpreter_of_a_virtual_environment_names_its_installation(tmp_path):
    installation = tmp_path / "opt/python/bin"
    installation.mkdir(parents=True)
    (installation / "python3").touch()
    environment = tmp_path / "venv/bin"
    environment.mkdir(parents=True)
    (environment / "python3").symlink_to(installation / "python3")
    (tmp_path / "venv/pyvenv.cfg").write_text(f"home = {installation}\n")
    folders = interpreter_folders(str(environment / "python3"))
    assert set(folders) == {tmp_path / "venv", tmp_path / "opt/python"}


def test_interpreter_in_the_home_folder_does_not_share_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("bin", "lib", ".ssh"):
        (tmp_path / name).mkdir()
    (tmp_path / "bin/python3").touch()
    assert set(interpreter_folders(str(tmp_path / "bin/python3"))) == {tmp_path / "bin", tmp_path / "lib"}


def test_bare_name_has_no_folders():
    assert interpreter_folders("python") == ()
    assert interpreter_folders(str(Path("/no/such/python"))) == ()
