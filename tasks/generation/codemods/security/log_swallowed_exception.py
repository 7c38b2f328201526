"""Log exceptions that are swallowed.

What it does
    Writes a warning with the traceback where `except:` or `except Exception:` does nothing but `pass` or
    `continue`; a bare `except:` becomes `except Exception:`.

Why it matters
    The fault is there, and nobody can see it: data is lost and the next error is a riddle.

Example
    Before: except Exception: pass
    After:  except Exception: logger.warning("Ignored an exception in load", exc_info=True)

When it does not apply
    A narrower exception is named, a comment says why, or the handler sits in `__del__`.

Fix safety
    hardening: only a log line is added; a bare `except:` lets KeyboardInterrupt and SystemExit through.

References
    CWE-703, CWE-390; https://docs.python.org/3/howto/logging.html
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import assigned_name, code_of
from tasks.models import Domain

BROAD = ("Exception", "BaseException")


class LogSwallowedException(Codemod):
    def visit_Module(self, node: cst.Module) -> None:
        named = [pair for line in node.body if (pair := assigned_name(line)) is not None]
        self._logger = next((n for n, v in named if code_of(v).startswith(("logging.getLogger", "getLogger("))), None)

    def leave_ExceptHandler(
        self, original_node: cst.ExceptHandler, updated_node: cst.ExceptHandler
    ) -> cst.ExceptHandler:
        kind = original_node.type
        if kind is not None and not (isinstance(kind, cst.Name) and kind.value in BROAD):
            return updated_node
        code = code_of(original_node.body)
        if code.strip() not in ("pass", "continue") or not self.wanted(original_node):
            return updated_node
        function = self.enclosing_function(original_node)
        if function is not None and function.name.value == "__del__":
            return updated_node
        logger = self._logger or f"{code_of(self.name_for('logging.getLogger'))}(__name__)"
        self.accept(original_node, "log an exception that was swallowed")
        place = f" in {function.name.value}" if function is not None else ""
        line = cst.parse_statement(f'{logger}.warning("Ignored an exception{place}", exc_info=True)')
        keeps = [cst.parse_statement("continue")] if code.strip() == "continue" else []
        updated_node = updated_node.with_changes(body=cst.IndentedBlock([line, *keeps]))
        if kind is None:
            space = cst.SimpleWhitespace(" ")
            updated_node = updated_node.with_changes(type=cst.Name("Exception"), whitespace_after_except=space)
        return updated_node


RULE = Rule(
    id="log_swallowed_exception",
    title="Log exceptions that are swallowed",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=LogSwallowedException,
    hints=("except",),
    cwe=(703, 390),
    bandit=("B110", "B112"),
    ruff=("S110", "S112", "BLE001"),
    codeql=("py/empty-except", "py/catch-base-exception"),
    words=("swallowed", "silently ignored", "no error in the log"),
)

VALID = (
    """\
try:
    f()
except KeyError:
    pass
""",
    """\
try:
    f()
except Exception:
    pass  # optional
""",
)
INVALID = (
    (
        """\
import os


def load():
    try:
        f()
    except Exception:
        pass
    g()
""",
        """\
import logging
import os


def load():
    try:
        f()
    except Exception:
        logging.getLogger(__name__).warning("Ignored an exception in load", exc_info=True)
    g()
""",
    ),
    (
        """\
import logging

log = logging.getLogger('x')
for i in xs:
    try:
        f(i)
    except:
        continue
""",
        """\
import logging

log = logging.getLogger('x')
for i in xs:
    try:
        f(i)
    except Exception:
        log.warning("Ignored an exception", exc_info=True)
        continue
""",
    ),
)
