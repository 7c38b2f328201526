"""The strongest sandbox that works on this machine."""

from __future__ import annotations

import logging
import shutil
import sys
import tempfile
from functools import lru_cache
from pathlib import Path

from tasks.errors import ConfigurationError, MendflowError, SandboxError
from tasks.protocols import Sandbox, SandboxJob, SandboxLimits
from tasks.sandbox.bubblewrap import Bubblewrap
from tasks.sandbox.rlimits import Rlimits

logger = logging.getLogger(__name__)

_PROBE_LIMITS = SandboxLimits(wall_s=20, cpu_s=10)


def choose_sandbox(preference: str = "auto") -> Sandbox:
    """`auto` takes bubblewrap where it works, else rlimits, with a warning that says what is not isolated.

    Raises SandboxError when `bubblewrap` is demanded and does not work here.
    """
    if preference not in ("auto", "bubblewrap", "rlimits"):
        raise ConfigurationError(f"unknown sandbox {preference!r}; choose auto, bubblewrap or rlimits")
    if preference == "rlimits":
        return _weaker("it was asked for")
    found = _probe_bubblewrap()
    if isinstance(found, Bubblewrap):
        return found
    if preference == "bubblewrap":
        raise SandboxError(f"bubblewrap does not work here: {found}")
    return _weaker(found)


@lru_cache(maxsize=1)
def _probe_bubblewrap() -> Bubblewrap | str:
    """The variant that works here, or why none does."""
    if shutil.which("bwrap") is None:
        return "no command 'bwrap'; install the package bubblewrap"
    reason = ""
    for sandbox in (Bubblewrap(), Bubblewrap(proc=False)):
        try:
            if _runs_python(sandbox):
                return sandbox
            reason = reason or "python does not run in it"
        except MendflowError as error:
            reason = reason or str(error)
    return reason


def _runs_python(sandbox: Sandbox) -> bool:
    with tempfile.TemporaryDirectory(prefix="mendflow-probe-") as folder:
        job = SandboxJob([sys.executable, "-I", "-S", "-c", "pass"], cwd=Path(folder), limits=_PROBE_LIMITS)
        return sandbox.run(job).exit_code == 0


@lru_cache(maxsize=1)
def _network_can_be_left() -> bool:
    return _runs_python(Rlimits(block_network=True))


@lru_cache(maxsize=4)
def _weaker(reason: str) -> Rlimits:
    sandbox = Rlimits(block_network=_network_can_be_left())
    network = "is blocked" if sandbox.block_network else "IS OPEN"
    logger.warning(
        "WEAK SANDBOX rlimits (%s): tests and candidates can read and write your files; their network %s",
        reason,
        network,
    )
    return sandbox
