"""Runs one command with limits and ends everything that it started; a script of its own, the standard library only.

It adopts orphans (PR_SET_CHILD_SUBREAPER), so that a process which left its session is still found. Orders come as
one JSON line on the handle that the first argument names; the end of that stream means: end everything now.
"""

# ruff: noqa: PTH123, PTH208  # importing pathlib would double the time that it takes to start

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_SIOCSIFFLAGS = 0x8914
_IFF_UP_RUNNING = 0x41
_START_FAILED = 250


def main() -> int:
    """The command's exit code, 128 and the signal's number for one that a signal ended."""
    control = int(sys.argv[1])
    orders = _read_orders(control)
    libc = ctypes.CDLL(None, use_errno=True)
    _prctl(libc, _PR_SET_CHILD_SUBREAPER)
    _prctl(libc, _PR_SET_NO_NEW_PRIVS)
    if orders["block_network"]:
        leave_network(libc)
    usual = _prefer_self()
    child = os.fork()
    if child == 0:
        os.setpriority(os.PRIO_PROCESS, 0, usual)
        _become(orders)
    for standard in (0, 1, 2):
        os.close(standard)
    status = _wait(child, control)
    _end_descendants()
    code = os.waitstatus_to_exitcode(status) if status is not None else -signal.SIGKILL
    return code if code >= 0 else 128 - code


def leave_network(libc: ctypes.CDLL) -> None:
    """Move to a network that has a loopback device and nothing else; OSError where the machine forbids it."""
    uid, gid = os.getuid(), os.getgid()
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "cannot leave the network")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        fcntl.ioctl(handle, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP_RUNNING))


def _prctl(libc: ctypes.CDLL, option: int) -> None:
    prctl = getattr(libc, "prctl", None)
    if prctl is not None:
        prctl(option, 1, 0, 0, 0)


def _read_orders(control: int) -> dict[str, Any]:
    text = b""
    while not text.endswith(b"\n"):
        part = os.read(control, 65536)
        if not part:
            sys.exit(0)
        text += part
    orders: dict[str, Any] = json.loads(text)
    return orders


def _become(orders: dict[str, Any]) -> NoReturn:
    """Turn this fork into the command."""
    try:
        os.setsid()
        _set_limits(orders["limits"])
        os.chdir(orders["cwd"])
        os.execvpe(orders["command"][0], orders["command"], orders["environment"])
    except OSError as error:
        message = f"mendflow-supervisor: cannot start {orders['command'][0]!r}: {error.strerror}\n"
        os.write(2, message.encode("utf-8", "replace"))
    os._exit(_START_FAILED)


def _set_limits(limits: dict[str, Any]) -> None:
    seconds = max(1, round(limits["cpu_s"]))
    bounds = {
        resource.RLIMIT_AS: (limits["memory_bytes"], limits["memory_bytes"]),
        resource.RLIMIT_FSIZE: (limits["file_bytes"], limits["file_bytes"]),
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_CPU: (seconds, seconds + 1),
    }
    for kind, (soft, hard) in bounds.items():
        ceiling = resource.getrlimit(kind)[1]
        if ceiling != resource.RLIM_INFINITY:
            soft, hard = min(soft, ceiling), min(hard, ceiling)
        resource.setrlimit(kind, (soft, hard))


def _wait(child: int, control: int) -> int | None:
    """The child's wait status, or None when the order came to end everything."""
    pid_handle = os.pidfd_open(child)
    while True:
        ready, _, _ = select.select([control, pid_handle], [], [], 1.0)
        if control in ready:
            return None
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return status


def _prefer_self() -> int:
    """Keep ahead of a thousand busy children, which root may; returns the priority to give them."""
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    try:
        os.setpriority(os.PRIO_PROCESS, 0, -20)
    except OSError:
        return usual
    return usual


def _end_descendants() -> None:
    """Whole process groups at once, since a group cannot outrun a signal by forking; until none is left."""
    while True:
        pids = _descendants()
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for group in {_group(pid) for pid in pids} - {os.getpgrp(), 0}:
                _signal(os.killpg, group, number)
            for pid in pids:
                _signal(os.kill, pid, number)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.002)


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except OSError:
        return 0


def _signal(send: Callable[[int, int], None], target: int, number: int) -> None:
    try:
        send(target, number)
    except OSError:
        return


def _descendants() -> list[int]:
    found, todo = [], [os.getpid()]
    while todo:
        pid = todo.pop()
        try:
            for thread in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{thread}/children", "rb") as file:
                    children = [int(word) for word in file.read().split()]
                found += children
                todo += children
        except OSError:
            continue
    return found


if __name__ == "__main__":
    sys.exit(main())
