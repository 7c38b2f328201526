"""Run the web server without its debugger.

What it does
    Turns `app.run(debug=True)` of a Flask or Quart application into `debug=False`.

Why it matters
    The debugger of Werkzeug runs any Python that a visitor types into an error page.

Example
    Before: app.run(debug=True)
    After:  app.run(debug=False)

When it does not apply
    The value is a variable: then configuration decides.

Fix safety
    hardening: no code reload and no interactive traceback; use `flask run --debug` on a workstation.

References
    CWE-94; https://flask.palletsprojects.com/en/stable/debugging/
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import keyword, with_value
from tasks.models import Domain

APPS = {"flask.Flask", "quart.Quart"}


class DisableDebugMode(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        func = original_node.func
        flag = keyword(original_node, "debug")
        if flag is None or not isinstance(flag.value, cst.Name) or flag.value.value != "True":
            return updated_node
        if not isinstance(func, cst.Attribute) or func.attr.value != "run" or not self.made_by(func.value) & APPS:
            return updated_node
        if not self.accept(original_node, "turned the debugger of the web server off"):
            return updated_node
        given = keyword(updated_node, "debug")
        return with_value(updated_node, given, "False") if given else updated_node


RULE = Rule(
    id="disable_debug_mode",
    title="Run the web server without its debugger",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=DisableDebugMode,
    hints=("debug=True",),
    cwe=(94, 489),
    bandit=("B201",),
    ruff=("S201",),
    codeql=("py/flask-debug",),
    words=("debug mode", "werkzeug debugger"),
)

VALID = ("from flask import Flask\napp = Flask(__name__)\napp.run(debug=DEBUG)\n", "job.run(debug=True)\n")
INVALID = (
    (
        "import flask\napp = flask.Flask(__name__)\napp.run(debug=True, port=80)\n",
        "import flask\napp = flask.Flask(__name__)\napp.run(debug=False, port=80)\n",
    ),
)
