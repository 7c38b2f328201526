"""What of the machine a bubblewrap sandbox sees, as bwrap arguments.

The list says what is there; whatever it does not name (home folders, /run and its sockets, /sys, /var, /srv, other
mounts) does not exist inside.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path

from tasks.errors import SandboxError
from tasks.protocols import SandboxJob
from tasks.sandbox.interpreter import interpreter_folders

PRIVATE_HOME = "/tmp/home"

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/nix", "/gnu")
_CONFIGURATION = (
    "alternatives",
    "ca-certificates",
    "ca-certificates.conf",
    "debian_version",
    "fonts",
    "gai.conf",
    "host.conf",
    "hosts",
    "java-11-openjdk",
    "java-17-openjdk",
    "java-21-openjdk",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "locale.alias",
    "locale.conf",
    "localtime",
    "magic",
    "magic.mime",
    "mime.types",
    "nsswitch.conf",
    "os-release",
    "perl",
    "pki/ca-trust/extracted",
    "pki/tls/certs",
    "protocols",
    "python3",
    "services",
    "shells",
    "ssl/certs",
    "ssl/openssl.cnf",
    "terminfo",
    "timezone",
)
_PRIVATE = ("/tmp", "/var/tmp")
_SHARED_MEMORY_BYTES = 256 * 1024**2


def mount_arguments(job: SandboxJob, *, proc: bool, generated: Mapping[str, int]) -> list[str]:
    """The file system of `job`: the system read-only, private /tmp, /dev and /proc, and the folders that it names.

    `generated` maps a path to the handle that its content is read from.
    """
    arguments = [*_system(), *_devices(), *_temporary(job)]
    arguments += [part for path, handle in generated.items() for part in ("--ro-bind-data", str(handle), path)]
    # Root owns the kernel's switches below /proc/sys, also without capabilities: nothing there may be writable.
    arguments += ["--proc", "/proc", "--remount-ro", "/proc"] if proc else ["--dir", "/proc"]
    for path, option in _folders(job):
        arguments += [option, str(path), str(path)]
    return [*arguments, "--remount-ro", "/"]


def _system() -> list[str]:
    arguments: list[str] = []
    for top in map(Path, _SYSTEM):
        if top.is_symlink():
            arguments += ["--symlink", str(top.readlink()), str(top)]
        elif top.is_dir():
            arguments += ["--ro-bind", str(top), str(top)]
    for name in _CONFIGURATION:
        arguments += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    return arguments


def _devices() -> list[str]:
    # bwrap's /dev is a writable tmpfs without a limit; only /dev/shm, which multiprocessing needs, stays writable.
    shared = ["--perms", "1777", "--size", str(_SHARED_MEMORY_BYTES), "--tmpfs", "/dev/shm"]
    return ["--dev", "/dev", *shared, "--remount-ro", "/dev"]


def _temporary(job: SandboxJob) -> list[str]:
    # No link from /var/tmp to /tmp: bwrap would follow it out of the new root when a folder below it is shared.
    size = str(job.limits.disk_bytes)
    private = [["--perms", "1777", "--size", size, "--tmpfs", place] for place in _PRIVATE]
    return [*chain.from_iterable(private), "--dir", PRIVATE_HOME]


def _folders(job: SandboxJob) -> list[tuple[Path, str]]:
    """The folders to bind, outer ones first, so that an inner one lies on top whatever its kind."""
    chosen = dict.fromkeys(_readable(job), "--ro-bind")
    chosen |= dict.fromkeys(_checked(job.writable), "--bind")
    return sorted(chosen.items(), key=lambda item: len(item[0].parts))


def _readable(job: SandboxJob) -> set[Path]:
    interpreters = {folder for python in (job.command[0], sys.executable) for folder in interpreter_folders(python)}
    readable = {path for path in _checked([*interpreters, *job.readable, job.cwd]) if not _is_there(path)}
    return readable - {path for path in readable if any(path.is_relative_to(w.resolve()) for w in job.writable)}


def _checked(paths: Iterable[Path]) -> list[Path]:
    """Absolute, both as named and as resolved; a job that asks for the root of the machine is refused."""
    found: list[Path] = []
    for path in paths:
        if not path.is_absolute() or not path.exists():
            raise SandboxError(f"cannot share {str(path)!r} with the sandbox: no such absolute path")
        for form in (path, path.resolve()):
            if form.parent == form:
                raise SandboxError("cannot share '/' with the sandbox; name the folders that the command needs")
            found.append(form)
    return found


def _is_there(path: Path) -> bool:
    return str(path) in _PRIVATE or any(path.is_relative_to(top) for top in _SYSTEM)
