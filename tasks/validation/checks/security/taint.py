"""Which expressions of a function may hold what a stranger sent, followed statement by statement inside one function.

An under-approximation on purpose: a value that passes through a function of which nothing is known counts as clean, and
so does one that was compared with a list of allowed values. What remains is worth an error.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import ClassVar, Literal

from tasks.validation.source import FunctionNode, Source

Origin = Literal["remote", "local", "parameter"]
"""A request or socket; the console or command line; an argument of the function, whoever calls it."""

Origins = frozenset[Origin]
CLEAN: Origins = frozenset()
REMOTE: Origins = frozenset({"remote"})
LOCAL: Origins = frozenset({"local"})
PARAMETER: Origins = frozenset({"parameter"})

_REQUEST_NAMES = re.compile(r"(flask|quart|bottle|sanic)\.request$")
_REQUEST_PARTS = frozenset({
    "args", "form", "values", "files", "json", "cookies", "headers", "data", "get_json", "get_data", "query_string",
    "GET", "POST", "FILES", "COOKIES", "META", "body", "query_params", "path_params", "match_info", "query", "stream",
    "params", "rel_url", "arguments", "full_path", "view_args", "user_agent", "referrer",
})  # fmt: skip
_FRAMEWORKS = frozenset({
    "flask", "quart", "django", "rest_framework", "starlette", "fastapi", "aiohttp", "pyramid", "tornado", "bottle",
    "sanic", "falcon", "werkzeug", "webob", "cherrypy", "litestar",
})  # fmt: skip
_LOCAL_CALLS = frozenset({"input", "raw_input", "getpass.getpass", "sys.stdin.read", "sys.stdin.readline"})
_REMOTE_METHODS = frozenset({"recv", "recvfrom", "get_argument", "get_query_argument", "get_body_argument"})
_CLEANING = re.compile(
    r"(^|\.|_)(int|float|bool|len|hash|ord|abs|round|uuid|uuid4|escape\w*|quote\w*|urlencode|sanitize\w*|clean\w*|secure\w*"
    r"|safe\w*|validate\w*|verify\w*|basename|literal_eval|sha\w+|md5|hexdigest|isdigit|isalnum|is_\w+|allowed\w*|sub|bleach)$",
    re.IGNORECASE,
)
_CARRYING = frozenset({
    "str", "bytes", "bytearray", "memoryview", "list", "tuple", "set", "dict", "sorted", "reversed", "next", "iter",
    "os.path.join", "os.path.abspath", "os.path.normpath", "os.path.realpath", "os.path.expanduser", "os.path.dirname",
    "os.fspath", "pathlib.Path", "pathlib.PurePath", "io.StringIO", "io.BytesIO", "json.loads", "codecs.decode",
    "urllib.parse.unquote", "urllib.parse.unquote_plus", "urllib.parse.urljoin", "urllib.parse.urlparse",
    "urllib.parse.urlsplit", "base64.b64decode", "base64.decodebytes", "base64.urlsafe_b64decode", "base64.b64encode",
    "copy.copy", "copy.deepcopy", "textwrap.dedent",
})  # fmt: skip
_GUARD_CALL = re.compile(
    r"valid|safe|allow|permit|authori[sz]|whitelist|check|verify|match|^is_?|isdigit|isalnum|startswith"
)
_ROUTE = re.compile(r"(^|\.)(route|get|post|put|patch|delete|websocket|api_route)$")
_PLAIN_TYPES = frozenset({"", "str", "bytes", "Any", "Optional[str]", "str | None"})

Visit = Callable[[ast.AST, "Taint"], None]


class Taint:
    """What is tainted at one point of one function."""

    def __init__(self, source: Source, function: FunctionNode | None) -> None:
        self.source = source
        self.function = function
        self._serves_pages = any(origin.partition(".")[0] in _FRAMEWORKS for origin in source.aliases.values())
        self.is_route = function is not None and is_route(function)
        self._origins: dict[str, Origins] = {}
        self._homes: dict[str, int] = {}
        if function is not None:
            self._take_parameters(function)

    def _take_parameters(self, function: FunctionNode) -> None:
        remote = is_route_with_arguments(function) if self.is_route else False
        args = function.args
        for item in (*args.posonlyargs, *args.args, *args.kwonlyargs):
            plain = item.annotation is None or ast.unparse(item.annotation) in _PLAIN_TYPES
            if item.arg in {"self", "cls", "request", "req"} or not plain:
                continue
            self._origins[item.arg] = REMOTE if remote else PARAMETER

    def follow(self, visit: Visit) -> None:
        """Call `visit` with every call and statement, in order, with what is tainted when it runs."""
        body = self.function.body if self.function is not None else self.source.tree.body if self.source.tree else []
        self._block(body, visit)

    def _block(self, block: list[ast.stmt], visit: Visit) -> None:
        for statement in block:
            if isinstance(statement, FunctionNode | ast.ClassDef):
                continue
            self._statement(statement, id(block), visit)

    def _statement(self, statement: ast.stmt, home: int, visit: Visit) -> None:
        for node in _own_expressions(statement):
            calls: list[ast.Call] = []
            for part in ast.walk(node):
                if isinstance(part, ast.NamedExpr):
                    self._bind(part.target, self.of(part.value), home)
                elif isinstance(part, ast.comprehension):
                    self._bind(part.target, self.of(part.iter), home)
                elif isinstance(part, ast.Call):
                    calls.append(part)
            for call in calls:
                visit(call, self)
        visit(statement, self)
        self._bindings(statement, home)
        if isinstance(statement, ast.If | ast.While | ast.Assert):
            self._guard(statement.test)
        for block in _blocks(statement):
            self._block(block, visit)

    def _bindings(self, statement: ast.stmt, home: int) -> None:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                self._bind(target, self.of(statement.value), home)
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            self._bind(statement.target, self.of(statement.value), home)
        elif isinstance(statement, ast.AugAssign):
            self._bind(statement.target, self.of(statement.target) | self.of(statement.value), home)
        elif isinstance(statement, ast.For | ast.AsyncFor):
            self._bind(statement.target, self.of(statement.iter), home)
        elif isinstance(statement, ast.With | ast.AsyncWith):
            for item in statement.items:
                if item.optional_vars is not None:
                    self._bind(item.optional_vars, self.of(item.context_expr), home)

    def _bind(self, target: ast.expr, origins: Origins, home: int) -> None:
        for node in ast.walk(target):
            if not isinstance(node, ast.Name):
                continue
            if origins:
                self._origins[node.id] = origins | self._origins.get(node.id, CLEAN)
                self._homes[node.id] = home
            elif self._homes.get(node.id, home) == home:
                self._origins.pop(node.id, None)

    def _guard(self, test: ast.expr) -> None:
        """Names that a condition compares with what is allowed count as clean from there on."""
        for node in ast.walk(test):
            checked: list[ast.expr] = []
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
                checked = [node.left]
            elif isinstance(node, ast.Call) and _GUARD_CALL.search(_last_name(node.func)):
                checked = [*node.args, node.func]
            for expression in checked:
                for name in ast.walk(expression):
                    if isinstance(name, ast.Name):
                        self._origins.pop(name.id, None)

    def of(self, node: ast.expr | None) -> Origins:
        """Where the value of `node` may come from."""
        if node is None or isinstance(node, ast.Constant | ast.Compare | ast.Lambda):
            return CLEAN
        special = self._SPECIAL.get(type(node))
        if special is not None:
            return special(self, node)
        return self._union(child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))

    def _attribute(self, node: ast.Attribute) -> Origins:
        return REMOTE if self._is_request_part(node) else self.of(node.value)

    def _choice(self, node: ast.IfExp) -> Origins:
        return self.of(node.body) | self.of(node.orelse)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Origins:
        return self.of(node.elt)

    def _name(self, node: ast.Name) -> Origins:
        if self.source.aliases.get(node.id) == "sys.argv":
            return LOCAL
        return self._origins.get(node.id, CLEAN)

    def _call(self, node: ast.Call) -> Origins:
        name = self.source.qualified(node.func)
        if name in _LOCAL_CALLS:
            return LOCAL
        if _CLEANING.search(name or _last_name(node.func)):
            return CLEAN
        arguments = self._union([*node.args, *(item.value for item in node.keywords)])
        if name in _CARRYING:
            return arguments
        if not isinstance(node.func, ast.Attribute):
            return CLEAN
        if node.func.attr in _REMOTE_METHODS:
            return REMOTE
        base = self.of(node.func)
        return base | arguments if node.func.attr in {"format", "join", "replace", "format_map"} else base

    _SPECIAL: ClassVar[dict[type[ast.expr], Callable[..., Origins]]] = {
        ast.Name: _name,
        ast.Attribute: _attribute,
        ast.Call: _call,
        ast.IfExp: _choice,
        ast.ListComp: _comprehension,
        ast.SetComp: _comprehension,
        ast.GeneratorExp: _comprehension,
        ast.DictComp: lambda self, node: self.of(node.value),
        ast.Subscript: lambda self, node: self.of(node.value),
    }

    def _union(self, nodes: Iterator[ast.expr] | list[ast.expr]) -> Origins:
        return frozenset(origin for node in nodes for origin in self.of(node))

    def _is_request_part(self, node: ast.Attribute) -> bool:
        name = self.source.qualified(node)
        if name == "sys.argv":
            return False
        owner, _, part = name.rpartition(".")
        if part not in _REQUEST_PARTS:
            return False
        return bool(_REQUEST_NAMES.search(owner)) or owner == "self.request" or self._is_request_parameter(owner)

    def _is_request_parameter(self, name: str) -> bool:
        if self.function is None or name not in {"request", "req"} or not self._serves_pages:
            return False
        return any(item.arg == name for item in self.function.args.args)


def follow_all(source: Source, visit: Visit) -> None:
    """Follow taint through the module's own statements and through each function."""
    for function in (None, *source.functions.values()):
        Taint(source, function).follow(visit)


def is_route_with_arguments(function: FunctionNode) -> bool:
    return any(isinstance(item, ast.Call) for item in function.decorator_list)


def is_route(function: FunctionNode) -> bool:
    """Decorated as `@app.route("/path")` or `@router.get("/path")`."""
    for item in function.decorator_list:
        if isinstance(item, ast.Call) and _ROUTE.search(ast.unparse(item.func)):
            first = item.args[0] if item.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                return True
    return False


def _own_expressions(statement: ast.stmt) -> Iterator[ast.expr]:
    """The expressions of a statement, without those of statements inside it."""
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.expr):
            yield child
        elif isinstance(child, ast.withitem):
            yield child.context_expr


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        block = getattr(statement, field, None)
        if isinstance(block, list):
            yield block
    for handler in getattr(statement, "handlers", ()):
        yield handler.body
    for case in getattr(statement, "cases", ()):
        yield case.body


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
