"""Starting processes from a thread that outlives them.

bwrap's --die-with-parent follows the thread that started it, not the process: a sandbox started by a worker thread
would die with that thread, even while its caller still reads from it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache


def spawn(
    command: Sequence[str], *, pass_fds: Sequence[int], environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """`command` in a session of its own with pipes on its three streams; it sees `pass_fds` and PATH alone."""

    def open_process() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=tuple(pass_fds),
            env={"PATH": os.environ.get("PATH", os.defpath)} if environment is None else dict(environment),
            start_new_session=True,
        )

    return _starter(os.getpid()).submit(open_process).result()


@lru_cache(maxsize=1)
def _starter(pid: int) -> ThreadPoolExecutor:
    """One thread for each process: a fork inherits the executor, but not its thread."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandbox-start")
