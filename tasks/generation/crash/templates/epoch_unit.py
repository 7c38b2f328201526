"""A time since the epoch in milliseconds where seconds are expected.

What it does: divides values that are too large for seconds (beyond the year 5000) by a thousand.

    before    return datetime.fromtimestamp(value, timezone.utc)
    after     return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, timezone.utc)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.crash.project import called_name
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.site import CrashSite


def propose(site: CrashSite) -> Iterator[Proposal]:
    place, message = site.raising, site.error.message
    call = place.node
    if "out of range" not in message and "Value too large" not in message:
        return
    if isinstance(call, ast.Call) and called_name(call) in ("fromtimestamp", "utcfromtimestamp", "gmtime", "localtime"):
        for argument in call.args[:1]:
            text = place.source.code(argument)
            wrapped = f"{text} / 1000 if {text} > 1e11 else {text}"
            words = "Values too large for seconds are milliseconds."
            yield change("epoch_unit", place.source, place.source.replace(argument, wrapped), 0.78, words)
