"""The variables that a sandboxed process sees: a short allow-list and the job's own, never the caller's."""

from __future__ import annotations

import os
from collections.abc import Mapping

_INHERITED = ("PATH", "LANG", "LANGUAGE", "TZ")


def scrubbed_environment(own: Mapping[str, str], *, home: str, temporary: str) -> dict[str, str]:
    """What the process sees; `own` wins over the defaults.

    Bytecode is off because its freshness is judged by whole seconds: two candidates of equal size written within
    one second would share it. Hash seeds are fixed so that a run can be repeated.
    """
    inherited = {name: value for name, value in os.environ.items() if name in _INHERITED or name.startswith("LC_")}
    inherited.setdefault("PATH", os.defpath)
    return {
        **inherited,
        "HOME": home,
        "TMPDIR": temporary,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        **own,
    }
