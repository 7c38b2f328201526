"""Hostile code against the walls: what only bubblewrap withstands."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tasks.protocols import SandboxJob


def test_home_folders_and_system_secrets_do_not_exist_inside(isolated_attack, tmp_path):
    places = [Path.home() / name for name in (".ssh", ".gitconfig", ".aws", ".config", ".bashrc", ".netrc")]
    places += map(
        Path, ["/etc/shadow", "/etc/ssh", "/etc/ssl/private", "/run", "/var/run", "/var/lib", "/sys", "/boot"]
    )
    places += [Path("/run/docker.sock"), Path("/var/run/docker.sock"), tmp_path / "elsewhere"]
    (tmp_path / "elsewhere").write_text("outside")
    names = [str(place) for place in places]
    run = isolated_attack(f"import os\nprint([name for name in {names} if os.path.lexists(name)])")
    assert run.stdout.strip() == b"[]", run


def test_system_is_read_only(isolated_attack):
    run = isolated_attack(
        """
        for folder in ("/", "/usr", "/etc", "/usr/bin", "/dev", "/proc", "/opt", "/var"):
            try:
                open(folder + "/mendflow-probe", "w")
                print(folder)
            except OSError:
                pass
        """
    )
    assert run.stdout == b"", run


def test_kernel_switches_cannot_be_opened_for_writing(isolated_attack):
    run = isolated_attack(
        """
        import os
        for path in ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/sys/vm/drop_caches"):
            try:
                os.close(os.open(path, os.O_WRONLY))
                print(path)
            except OSError:
                pass
        """
    )
    assert run.stdout == b"", run


def test_no_capabilities_and_no_way_to_new_ones(isolated_attack):
    run = isolated_attack(
        """
        import ctypes, os
        libc = ctypes.CDLL(None)
        status = open("/proc/self/status").read()
        print([line for line in status.splitlines() if line.startswith("Cap") and int(line.split()[1], 16)])
        print(libc.unshare(0x10000000), libc.unshare(0x20000), libc.mount(b"none", b"/tmp", b"tmpfs", 0, None))
        print(libc.chroot(b"/tmp"), libc.setuid(0), libc.mknod(b"/tmp/disk", 0o60600, os.makedev(8, 0)))
        """
    )
    assert run.stdout.split() == b"[] -1 -1 -1 -1 -1 -1".split(), run


def test_network_of_the_host_is_out_of_reach(isolated_attack):
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind(f"\0mendflow-{os.getpid()}")
        abstract.listen()
        run = isolated_attack(
            f"""
            import socket
            for family, address in (
                (socket.AF_INET, ("127.0.0.1", {server.getsockname()[1]})),
                (socket.AF_INET, ("192.0.2.1", 80)),
                (socket.AF_UNIX, "\\0mendflow-{os.getpid()}"),
            ):
                try:
                    socket.socket(family).connect(address)
                    print("connected to", address)
                except OSError:
                    pass
            print([name for _, name in socket.if_nameindex()])
            """
        )
    assert run.stdout.strip() == b"['lo']", run


def test_loopback_works_inside(isolated_attack):
    run = isolated_attack(
        """
        import socket
        server = socket.create_server(("127.0.0.1", 0))
        socket.create_connection(server.getsockname())
        print("ok")
        """
    )
    assert run.stdout.strip() == b"ok", run


def test_processes_of_the_host_can_neither_be_seen_nor_killed(isolated_attack):
    victim = subprocess.Popen(["sleep", "30"])
    try:
        run = isolated_attack(
            f"""
            import os, signal
            for target in ({victim.pid}, {os.getpid()}, os.getppid(), 1):
                try:
                    os.kill(target, signal.SIGKILL)
                except OSError:
                    pass
            print(sorted(int(name) for name in os.listdir("/proc") if name.isdigit())[-1] < 10)
            """
        )
        assert victim.poll() is None
        assert run.stdout.strip() == b"True", run
    finally:
        victim.kill()
        victim.wait()


def test_killing_all_it_can_see_harms_nobody_else(isolated_attack):
    victim = subprocess.Popen(["sleep", "30"])
    try:
        isolated_attack("import os, signal\nos.kill(-1, signal.SIGKILL)")
        assert victim.poll() is None
    finally:
        victim.kill()
        victim.wait()


def test_link_out_of_the_workspace_leads_nowhere(isolated_attack, tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("untouched")
    run = isolated_attack(
        f"""
        import os
        os.symlink({str(outside)!r}, "link")
        for path in ("link", "../outside.txt", "/proc/self/cwd/../outside.txt"):
            try:
                open(path, "r+").write("owned")
                print(path)
            except OSError:
                pass
        """
    )
    assert run.stdout == b"", run
    assert outside.read_text() == "untouched"


def test_hooks_of_the_real_repository_do_not_exist_inside(isolated_attack, tmp_path):
    repository = tmp_path / "real"
    subprocess.run(["git", "init", "-q", str(repository)], check=True)
    hook = repository / ".git/hooks/pre-commit"
    run = isolated_attack(
        f"""
        import os
        print(os.path.exists({str(repository)!r}))
        os.makedirs({str(hook.parent)!r}, exist_ok=True)
        open({str(hook)!r}, "w").write("#!/bin/sh")
        """
    )
    assert run.stdout.strip() == b"False", run
    assert not hook.exists()


def test_nothing_of_the_caller_is_inherited_as_open_file(isolated_attack):
    run = isolated_attack("import os\nprint(sorted(map(int, os.listdir('/proc/self/fd')))[:4])")
    assert run.stdout.strip() == b"[0, 1, 2, 3]", run
    assert isolated_attack("import os\nos.fstat(4)").exit_code == 1


def test_variables_of_the_job_do_not_reach_bubblewrap_itself(isolated_attack, workspace):
    (workspace / "evil.so").write_bytes(b"not a library")
    run = isolated_attack("print('ran')", LD_PRELOAD=str(workspace / "evil.so"))
    # The loader complains once for each program that it starts with the variable: python alone, bwrap not.
    assert run.stdout == b"ran\n"
    assert run.stderr.count(b"evil.so") == 1, run


def test_arguments_and_variables_are_not_listed_for_other_users(bubblewrap, workspace):
    job = SandboxJob(["cat"], cwd=workspace, environment={"DATABASE_PASSWORD": "hunter2"})
    with bubblewrap.start(job) as process:
        assert b"hunter2" not in Path(f"/proc/{process.pid}/cmdline").read_bytes()
        process.communicate(b"", timeout=10)


def test_private_temporary_folder_is_bounded_and_gone_afterwards(isolated_attack):
    run = isolated_attack(
        """
        try:
            for n in range(40):
                open(f"/tmp/fill{n}", "wb").write(b"x" * 8 * 1024**2)
        except OSError as error:
            print(error.strerror)
        """
    )
    assert run.stdout.strip() == b"No space left on device", run
    assert not Path("/tmp/fill0").exists()


def test_root_of_the_machine_cannot_be_shared(bubblewrap):
    from tasks.errors import SandboxError

    with pytest.raises(SandboxError, match="name the folders"):
        bubblewrap.run(SandboxJob([sys.executable], cwd=Path("/")))
