"""Files that everybody may write, and processes that give themselves rights."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.models import ValidationIssue
from tasks.validation.change import House
from tasks.validation.checks.security.call_rules import CallRule, Condition, apply_rules, argument, is_literal
from tasks.validation.source import Source

_OTHERS_WRITE = 0o002


def _world_writable(position: int) -> Condition:
    def condition(call: ast.Call, source: Source) -> bool:
        mode = argument(call, position, "mode")
        return isinstance(mode, ast.Constant) and isinstance(mode.value, int) and bool(mode.value & _OTHERS_WRITE)

    return condition


RULES = (
    CallRule(
        "world-writable",
        r"os\.(mkdir|makedirs|mkfifo)",
        "makes a folder that everybody may write to",
        "grant 0o700 or 0o755",
        _world_writable(1),
    ),
    CallRule(
        "world-writable",
        r"os\.(chmod|open)|.*\.chmod",
        "lets everybody write to the file",
        "grant 0o600 or 0o644",
        lambda call, source: _world_writable(1)(call, source) or _world_writable(0)(call, source),
    ),
    CallRule(
        "world-writable",
        r"os\.umask",
        "makes every new file writable for everybody",
        "use os.umask(0o077)",
        lambda call, source: bool(call.args) and is_literal(call.args[0], 0),
    ),
    CallRule(
        "gains-root",
        r"os\.(setuid|seteuid|setgid|setegid)",
        "takes root's rights",
        "start with the rights needed",
        lambda call, source: bool(call.args) and is_literal(call.args[0], 0),
    ),
)


def check_permissions(source: Source, house: House) -> Iterator[ValidationIssue]:
    yield from apply_rules(RULES, source)
