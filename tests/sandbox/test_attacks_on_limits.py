"""Hostile code against the limits: it ends and leaves no process behind. Every attack is bounded by itself."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest


def _processes_in(folder: Path) -> list[str]:
    """Command lines of the processes that work in `folder`."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == folder:
                found.append((process / "cmdline").read_bytes().decode())
        except OSError:
            continue
    return found


def test_fork_bomb_ends_and_leaves_nothing(attack, workspace):
    run = attack(
        """
        import os, time
        end = time.time() + 15
        while time.time() < end:
            try:
                os.fork()
            except OSError:
                pass
        """
    )
    assert run.ended_by == "processes"
    assert run.exit_code is None
    assert _processes_in(workspace) == []


def test_one_process_cannot_take_more_memory_than_allowed(attack):
    run = attack("b = bytearray(512 * 1024**2)")
    assert run.exit_code == 1
    assert b"MemoryError" in run.stderr


def test_many_processes_together_cannot_take_more_memory_than_allowed(attack):
    run = attack(
        """
        import os, time
        for _ in range(8):
            if os.fork() == 0:
                break
        hold = bytearray(os.urandom(1024) * 1024 * 100)
        time.sleep(15)
        """
    )
    assert run.ended_by == "memory"


def test_pages_shared_since_a_fork_count_once(attack):
    run = attack(
        """
        import os, time
        hold = bytearray(os.urandom(1024) * 1024 * 100)
        for _ in range(8):
            if os.fork() == 0:
                time.sleep(0.5)
                os._exit(0)
        time.sleep(0.7)
        """
    )
    assert (run.ended_by, run.exit_code) == ("exit", 0)


def test_one_file_cannot_grow_beyond_its_limit(attack, workspace):
    attack("f = open('big', 'wb')\nfor _ in range(64): f.write(b'x' * 1024**2); f.flush()")
    assert (workspace / "big").stat().st_size <= 16 * 1024**2


@pytest.mark.parametrize("delete", [False, True], ids=["kept", "deleted-but-open"])
def test_many_files_cannot_fill_the_disk(attack, delete):
    run = attack(
        f"""
        import os, time
        files = []
        for n in range(24):
            files.append(open(f'f{{n}}', 'wb', buffering=0))
            files[-1].write(b'x' * 8 * 1024**2)
            if {delete}: os.unlink(f'f{{n}}')
        time.sleep(15)
        """
    )
    assert run.ended_by == "disk"


def test_endless_output_ends(attack):
    run = attack("while True: print('x' * 1000)")
    assert run.ended_by == "output"
    assert len(run.stdout) + len(run.stderr) <= 256 * 1024


def test_endless_loop_ends_by_cpu_time(attack):
    assert attack("while True: pass", cpu_s=1).ended_by == "timeout"


def test_process_that_ignores_signals_ends_by_wall_time(attack):
    run = attack(
        """
        import signal, time
        for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
            try:
                signal.signal(number, signal.SIG_IGN)
            except OSError:
                pass
        time.sleep(15)
        """,
        wall_s=0.5,
    )
    assert (run.ended_by, run.exit_code) == ("timeout", None)


def test_daemon_that_left_its_session_is_gone_on_return(attack, workspace):
    run = attack(
        """
        import os, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.close(0); os.close(1); os.close(2)
                time.sleep(15)
            os._exit(0)
        """
    )
    assert run.exit_code == 0
    assert _processes_in(workspace) == []


def test_daemon_that_keeps_the_pipes_open_does_not_delay_the_return(attack, workspace):
    run = attack("import os, time\nif os.fork() == 0: time.sleep(15)")
    assert (run.exit_code, run.ended_by) == (0, "exit")
    assert _processes_in(workspace) == []


@pytest.mark.parametrize("signal", ["SIGSTOP", "SIGKILL"])
def test_attacking_the_parent_does_not_keep_anything_alive(attack, workspace, signal):
    run = attack(
        f"""
        import os, signal, time
        if os.getppid() > 1:
            os.kill(os.getppid(), signal.{signal})
        time.sleep(15)
        """,
        wall_s=1,
    )
    assert run.exit_code != 0
    assert _processes_in(workspace) == []


def test_secrets_of_the_caller_are_not_in_the_environment(attack, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    run = attack("import os\nprint(os.environ)")
    assert b"hunter2" not in run.stdout
    assert os.environ["HOME"].encode() + b"'" not in run.stdout


def test_input_reaches_the_process_and_output_comes_back(sandbox, workspace):
    from tasks.protocols import SandboxJob

    text = os.urandom(300_000)
    run = sandbox.run(SandboxJob(["cat"], cwd=workspace), stdin=text)
    assert run.stdout == text


def test_started_process_ends_at_its_wall_time(sandbox, workspace):
    from tasks.protocols import SandboxJob, SandboxLimits

    job = SandboxJob(["sleep", "15"], cwd=workspace, limits=SandboxLimits(wall_s=0.3))
    with sandbox.start(job) as process:
        assert process.wait(timeout=10) != 0


def test_started_process_outlives_the_thread_that_started_it(sandbox, workspace):
    import threading

    from tasks.protocols import SandboxJob

    started = []
    job = SandboxJob(["cat"], cwd=workspace)
    thread = threading.Thread(target=lambda: started.append(sandbox.start(job)))
    thread.start()
    thread.join()
    time.sleep(0.1)
    with started[0] as process:
        out, _ = process.communicate(b"still here", timeout=10)
        assert out == b"still here"
