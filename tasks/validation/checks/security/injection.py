"""What a stranger sent reaching a place that interprets it: SQL, shell, code, paths, addresses, pages, patterns.

The sinks are a table: which calls, which of their arguments, and from whom a value is dangerous there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.checks.security.taint import LOCAL, PARAMETER, REMOTE, Origins, Taint, follow_all
from tasks.validation.source import Source

ANYONE = REMOTE | LOCAL | PARAMETER
USERS = REMOTE | LOCAL


@dataclass(frozen=True)
class Sink:
    code: str
    calls: re.Pattern[str]
    """Matched against the qualified name, imports resolved; `.name` for a method of something unknown."""
    dangerous_from: Origins
    message: str
    suggestion: str
    arguments: tuple[int, ...] = (0,)
    keywords: tuple[str, ...] = ()
    composed_only: bool = False
    """Only a text put together from parts is dangerous there, not a value passed on as it is."""
    severity: Literal["error", "warning"] = "error"


def _calls(pattern: str) -> re.Pattern[str]:
    return re.compile(f"(?:{pattern})$")


SINKS = (
    Sink(
        "sql-injection",
        _calls(r".*\.(execute|executemany|executescript|raw|execute_async|read_sql|read_sql_query)|sqlalchemy\.text"),
        ANYONE,
        "puts a value into the text of an SQL statement",
        "bind it as a parameter",
        composed_only=True,
    ),
    Sink(
        "command-injection",
        _calls(r"os\.(system|popen)|commands\.getoutput|subprocess\.(getoutput|getstatusoutput)|os\.exec\w+|os\.spawn\w+"),
        USERS,
        "runs a command that a user chooses",
        "pass a list of arguments to subprocess.run, the program's name being your own",
    ),
    Sink(
        "code-injection",
        _calls(r"eval|exec|compile|builtins\.(eval|exec)|__import__|importlib\.import_module|runpy\.run_\w+"),
        USERS,
        "runs code that a user chooses",
        "look the action up in a table of allowed ones",
    ),
    Sink(
        "path-traversal",
        _calls(
            r"open|io\.open|codecs\.open|os\.(remove|unlink|rmdir|removedirs|mkdir|makedirs|listdir|scandir|rename|open|chmod)"
            r"|shutil\.(rmtree|copy\w*|move)|(flask|quart)\.send_file|starlette\.responses\.FileResponse|fastapi\.\w*\.?FileResponse"
            r"|django\.http\.FileResponse|zipfile\.ZipFile|tarfile\.open|aiofiles\.open|.*\.save"
        ),
        REMOTE,
        "builds a path from what a request says",
        "resolve it below a fixed folder and check that it stays there, or use werkzeug.utils.safe_join",
    ),
    Sink(
        "request-forgery",
        _calls(
            r"requests\.(get|post|put|delete|head|patch|options|request)|httpx\.(get|post|put|delete|head|patch|request|stream)"
            r"|urllib\.request\.(urlopen|urlretrieve|Request)|aiohttp\.request|http\.client\.HTTPS?Connection|urllib2\.urlopen"
        ),
        REMOTE,
        "fetches an address that a request chooses",
        "choose the host from a list of allowed ones",
        arguments=(0, 1),
        keywords=("url",),
    ),
    Sink(
        "open-redirect",
        _calls(
            r"(flask|quart|bottle|werkzeug\.utils)\.redirect|django\.shortcuts\.redirect"
            r"|django\.http\.(\w+\.)?HttpResponse(Permanent)?Redirect|\w+\.responses\.RedirectResponse|aiohttp\.web\.HTTPFound"
        ),
        REMOTE,
        "redirects to where a request says",
        "redirect to paths of your own only; check host and scheme against a list",
        keywords=("url", "location"),
    ),
    Sink(
        "cross-site-scripting",
        _calls(
            r"(flask|quart)\.(make_response|Response)|django\.http\.(\w+\.)?HttpResponse(BadRequest|NotFound)?"
            r"|\w+\.responses\.HTMLResponse|(markupsafe|flask|jinja2)\.Markup|django\.utils\.safestring\.mark_safe"
        ),
        REMOTE,
        "sends what a request says back as a page",
        "render it through an autoescaping template, or escape it",
        keywords=("content", "response"),
    ),
    Sink(
        "template-injection",
        _calls(r"(flask|quart)\.render_template_string|jinja2\.Template|mako\.template\.Template|.*\.from_string"),
        REMOTE,
        "takes a template from a request",
        "keep the template fixed and pass the value as a variable",
        keywords=("source",),
    ),
    Sink(
        "regex-injection",
        _calls(r"(re|regex)\.(compile|search|match|fullmatch|sub|subn|findall|finditer|split)"),
        REMOTE,
        "takes a regular expression from a request, which can be made to run for hours",
        "use re.escape, or a fixed pattern",
    ),
    Sink(
        "ldap-injection",
        _calls(r".*\.(search|search_s|search_st|search_ext|search_ext_s|simple_bind_s)"),
        REMOTE,
        "puts a value into an LDAP query",
        "escape it with ldap.filter.escape_filter_chars and ldap.dn.escape_dn_chars",
        arguments=(0, 1, 2),
        keywords=("search_filter", "search_base"),
        composed_only=True,
    ),
    Sink(
        "xpath-injection",
        _calls(r".*\.(xpath|findall|find|findtext|iterfind)|lxml\.etree\.XPath"),
        REMOTE,
        "puts a value into an XPath query",
        "pass it as an XPath variable",
        composed_only=True,
    ),
    Sink(
        "query-injection",
        _calls(r".*\.(scan|query|find_one|aggregate|count_documents)"),
        ANYONE,
        "puts a value into the text of a database query",
        "bind it as a value",
        arguments=(),
        keywords=("FilterExpression", "KeyConditionExpression", "ProjectionExpression"),
        composed_only=True,
    ),
    Sink(
        "unsafe-deserialization",
        _calls(r"yaml\.(load|full_load|unsafe_load)|jsonpickle\.decode|dill\.loads?|shelve\.open|joblib\.load"),
        USERS,
        "builds objects out of what a user sent",
        "use json, or yaml.safe_load",
    ),
    Sink(
        "xml-from-request",
        _calls(r"(lxml|xml)\.etree(\.\w+)?\.(parse|fromstring|XML|iterparse)|xml\.dom\.\w+\.parse(String)?|xml\.sax\.parse(String)?"),
        REMOTE,
        "parses XML that a stranger sent with a parser that expands entities",
        "use defusedxml",
    ),
    Sink(
        "log-injection",
        _calls(r"logging\.(debug|info|warning|error|critical|exception)|.*\b(logger|log)\.(debug|info|warning|error|critical)"),
        USERS,
        "writes what a user sent into the log as it is; a newline in it forges lines",
        "log repr() of it",
        arguments=(0, 1, 2, 3),
        severity="warning",
    ),
)  # fmt: skip


def check_injection(source: Source, house: House) -> Iterator[ValidationIssue]:
    found: list[ValidationIssue] = []

    def visit(node: ast.AST, taint: Taint) -> None:
        if isinstance(node, ast.Call):
            found.extend(_calls_into_sinks(node, taint))
        elif isinstance(node, ast.Assign):
            found.extend(_header_set(node, taint))
        elif isinstance(node, ast.Return):
            found.extend(_page_returned(node, taint))

    follow_all(source, visit)
    yield from found


def _calls_into_sinks(call: ast.Call, taint: Taint) -> Iterator[ValidationIssue]:
    name = taint.source.qualified(call.func) or _method(call.func)
    for sink in SINKS:
        if not sink.calls.match(name) or _is_harmless(call, sink):
            continue
        given = [call.args[number] for number in sink.arguments if number < len(call.args)]
        given += [item.value for item in call.keywords if item.arg in sink.keywords]
        for value in given:
            if sink.composed_only and not _is_composed(value, taint):
                continue
            if taint.of(value) & sink.dangerous_from:
                yield _issue(sink, call, taint)
                return


def _issue(sink: Sink, node: ast.AST, taint: Taint) -> ValidationIssue:
    severity = "warning" if taint.source.is_test else sink.severity
    return taint.source.issue(Level.SECURITY, sink.code, severity, node, sink.message, sink.suggestion)


def _method(function: ast.expr) -> str:
    """`.name` for a method of an expression that has no plain name, e.g. of a call's result."""
    return f"?.{function.attr}" if isinstance(function, ast.Attribute) else ""


def _is_harmless(call: ast.Call, sink: Sink) -> bool:
    """A page that is declared to be something else than HTML runs no script."""
    if sink.code != "cross-site-scripting":
        return False
    kinds = [item.value for item in call.keywords if item.arg in {"content_type", "mimetype", "media_type"}]
    return any(not isinstance(kind, ast.Constant) or "html" not in str(kind.value) for kind in kinds)


def _is_composed(node: ast.expr, taint: Taint) -> bool:
    """Put together from parts here, or in the assignment of the name used here."""
    if isinstance(node, ast.Name):
        return any(_is_composed(value, taint) for value in _assigned(node.id, taint) if not isinstance(value, ast.Name))
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add | ast.Mod) and _has_text(node)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return isinstance(node.func.value, ast.Constant)
    return False


def _has_text(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in ast.walk(node))


def _assigned(name: str, taint: Taint) -> Iterator[ast.expr]:
    around = taint.function if taint.function is not None else taint.source.tree
    for node in ast.walk(around) if around is not None else ():
        if isinstance(node, ast.Assign | ast.AugAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                yield node.value


_REDIRECT = next(sink for sink in SINKS if sink.code == "open-redirect")
_PAGE = next(sink for sink in SINKS if sink.code == "cross-site-scripting")
_HEADER = Sink(
    "header-injection", _calls("-"), REMOTE, "sets a response header to what a request says",
    "choose the value from a list of your own", severity="warning",
)  # fmt: skip


def _header_set(node: ast.Assign, taint: Taint) -> Iterator[ValidationIssue]:
    """`response.headers["Location"] = value`, or `response["Location"] = value`."""
    for target in node.targets:
        if not isinstance(target, ast.Subscript) or not isinstance(target.slice, ast.Constant):
            continue
        header = str(target.slice.value).lower()
        of_headers = isinstance(target.value, ast.Attribute) and target.value.attr == "headers"
        of_response = isinstance(target.value, ast.Name) and target.value.id in {"response", "resp", "res"}
        if (of_headers or of_response) and taint.of(node.value) & REMOTE:
            yield _issue(_REDIRECT if header == "location" else _HEADER, node, taint)


def _page_returned(node: ast.Return, taint: Taint) -> Iterator[ValidationIssue]:
    """A Flask view's text is a page."""
    uses_flask = any(origin.partition(".")[0] in {"flask", "quart"} for origin in taint.source.aliases.values())
    if node.value is None or not taint.is_route or not uses_flask:
        return
    if _is_composed(node.value, taint) and taint.of(node.value) & REMOTE:
        yield _issue(_PAGE, node, taint)
