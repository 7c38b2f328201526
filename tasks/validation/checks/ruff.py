"""Findings of ruff, for all levels at once: one start of its command for all versions of all files.

The repository's own ruff configuration and its `noqa` marks for security rules are not read: a patch must not be able
to switch off what judges it.
"""

from __future__ import annotations

import ast
import json
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path, PurePosixPath

from ruff import find_ruff_bin

from tasks.models import Level, ValidationIssue
from tasks.validation.checks.security.ratings import Weight, rate, softer
from tasks.validation.source import Source

TIME_LIMIT_S = 20.0

_SYNTAX: dict[str, Weight] = {
    "invalid-syntax": "error", "F401": "info", "F404": "error", "F407": "error",
    "F501": "error", "F502": "error", "F503": "error", "F504": "warning", "F505": "error", "F506": "error",
    "F507": "error", "F508": "error", "F509": "error", "F521": "error", "F522": "warning", "F523": "warning",
    "F524": "error", "F525": "error", "F541": "info", "F601": "warning", "F602": "warning", "F621": "error",
    "F622": "error", "F631": "error", "F632": "error", "F633": "error", "F634": "error", "F701": "error",
    "F702": "error", "F704": "error", "F706": "error", "F707": "error", "F811": "warning", "F821": "error",
    "F822": "error", "F823": "error", "F841": "info", "F842": "info", "F901": "error", "W605": "warning",
    "PLE0100": "error", "PLE0101": "error", "PLE0115": "error", "PLE0116": "error", "PLE0117": "error",
    "PLE0118": "error", "PLE0241": "error", "PLE0302": "error", "PLE0307": "error", "PLE0604": "error",
    "PLE0605": "error", "PLE0704": "info", "PLE1132": "error", "PLE1142": "error", "PLE1205": "error",
    "PLE1206": "error", "PLE1300": "error", "PLE1307": "error", "PLE1310": "warning", "PLE1700": "error",
}  # fmt: skip
_PERFORMANCE: dict[str, Weight] = {
    "ASYNC210": "error", "ASYNC212": "error", "ASYNC220": "warning", "ASYNC221": "error", "ASYNC222": "error",
    "ASYNC230": "warning", "ASYNC250": "error", "ASYNC251": "error", "ASYNC110": "info",
    "PERF401": "info", "PERF402": "info", "PERF403": "info", "C419": "info",
}  # fmt: skip
_BEST_PRACTICES: dict[str, Weight] = {
    "B006": "warning", "B008": "info", "B012": "error", "B013": "info", "B014": "warning", "B015": "warning",
    "B017": "warning", "B018": "info", "B020": "warning", "B023": "warning", "B025": "error", "B026": "warning",
    "B030": "error", "B031": "warning", "B033": "warning", "B904": "info", "PLR0124": "warning", "PLW0127": "warning",
    "PLW0129": "error", "PLW0133": "error", "PT015": "warning", "ERA001": "info", "PGH004": "info",
}  # fmt: skip
_PATTERNS: dict[str, Weight] = {"E711": "warning", "E712": "info", "E721": "warning", "E741": "info"}

_HARMLESS_IN_TESTS = frozenset({"F401", "F811", "F841", "B015", "B017", "B018", "B023", "W605"})

_TABLES = (
    (Level.SYNTAX, _SYNTAX),
    (Level.PERFORMANCE, _PERFORMANCE),
    (Level.BEST_PRACTICES, _BEST_PRACTICES),
    (Level.PATTERNS, _PATTERNS),
)
_NAMES = {
    "F401": "unused-import", "F821": "undefined-name", "F841": "unused-variable", "F811": "redefinition",
    "F823": "used-before-assignment", "F822": "undefined-export", "invalid-syntax": "invalid-syntax",
    "ASYNC210": "blocking-call-in-async", "ASYNC212": "blocking-call-in-async", "ASYNC251": "blocking-call-in-async",
    "ASYNC230": "blocking-file-io-in-async", "ASYNC220": "blocking-process-in-async",
    "ASYNC221": "blocking-call-in-async", "ASYNC222": "blocking-call-in-async", "ASYNC250": "blocking-call-in-async",
}  # fmt: skip
_SUGGESTIONS = {
    "F821": "import or define the name, or correct its spelling",
    "F401": "remove the import, or use it",
    "F841": "use the value, or drop the assignment",
    "F823": "assign the name before it is read, or declare it global or nonlocal",
    "ASYNC210": "use an asynchronous client, or asyncio.to_thread",
    "ASYNC251": "await asyncio.sleep instead",
    "ASYNC230": "use asyncio.to_thread for file access",
    "ASYNC221": "use asyncio.create_subprocess_exec",
    "B006": "default to None and create the value inside",
    "B012": "move the return out of the finally block: it swallows exceptions",
}


def ruff_findings(
    sources: Sequence[Source], target: tuple[int, int] | None
) -> dict[Source, tuple[ValidationIssue, ...]]:
    """What ruff says of each Python file; `target` is the oldest Python that the files must run on."""
    if not sources:
        return {}
    by_name = {f"{number}/{_file_name(source)}": source for number, source in enumerate(sources)}
    try:
        report = _run(by_name, target)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired, json.JSONDecodeError):
        return _one_by_one(sources, target)
    found: dict[Source, list[ValidationIssue]] = {source: [] for source in sources}
    for item in report:
        path = PurePosixPath(str(item["filename"]))
        source = by_name["/".join(path.parts[-2:])]
        issue = _issue(source, item)
        if issue is not None:
            found[source].append(issue)
    return {source: tuple(issues) for source, issues in found.items()}


def _one_by_one(sources: Sequence[Source], target: tuple[int, int] | None) -> dict[Source, tuple[ValidationIssue, ...]]:
    """A text can be made to overflow a parser's stack; the files beside it are judged all the same."""
    if len(sources) > 1:
        return {source: findings for s in sources for source, findings in ruff_findings([s], target).items()}
    message = "cannot be checked: ruff breaks off or takes too long over it"
    issue = sources[0].issue(Level.SYNTAX, "not-checkable", "error", None, message, "write it in a plainer way")
    return {sources[0]: (issue,)}


def _file_name(source: Source) -> str:
    name = PurePosixPath(source.path).name
    return name if name.endswith((".py", ".pyi")) else f"{name or 'code'}.py"


def _run(files: Mapping[str, Source], target: tuple[int, int] | None) -> list[dict[str, object]]:
    with tempfile.TemporaryDirectory(prefix="mendflow-ruff-") as folder:
        for name, source in files.items():
            place = Path(folder, name)
            place.parent.mkdir()
            place.write_bytes(source.text.encode("utf-8", "replace"))
        run = subprocess.run(
            [*_command(), *_target(target), folder], capture_output=True, timeout=TIME_LIMIT_S, check=True
        )
    report: list[dict[str, object]] = json.loads(run.stdout)
    return report


@cache
def _command() -> tuple[str, ...]:
    rules = [code for _, table in _TABLES for code in table if code != "invalid-syntax"]
    return (
        find_ruff_bin(), "check", "--isolated", "--no-cache", "--ignore-noqa", "--exit-zero", "--quiet", "--preview",
        "--output-format", "json", "--select", ",".join([*rules, "S"]), "--ignore", "S101",
    )  # fmt: skip


def _target(minimum: tuple[int, int] | None) -> tuple[str, ...]:
    if minimum is None:
        return ("--target-version", "py314")
    return ("--target-version", f"py3{min(max(minimum[1], 7), 14)}") if minimum[0] == 3 else ()


def _issue(source: Source, item: Mapping[str, object]) -> ValidationIssue | None:
    code = str(item["code"] or "invalid-syntax")
    location = item["location"]
    line = int(location["row"]) if isinstance(location, dict) else None
    message = str(item["message"])
    if code.startswith("S") and code[1:].isdigit():
        rating = rate(code[1:])
        weight = softer(rating.severity) if source.is_test else rating.severity
        return source.issue(Level.SECURITY, f"B{code[1:]}", weight, line, message, rating.suggestion)
    if "noqa" in source.line(line) or source.is_fixture:
        return None
    if code == "F821" and _is_expected_missing(source, line):
        return None
    for level, table in _TABLES:
        if code in table:
            weight = "info" if code in _HARMLESS_IN_TESTS and _is_lenient(source) else table[code]
            return source.issue(level, _NAMES.get(code, code), weight, line, message, _SUGGESTIONS.get(code, ""))
    return None


def _is_expected_missing(source: Source, line: int | None) -> bool:
    """Names that a file tries out, ready for a NameError: those of an interactive shell, of another Python."""
    for node in source.nodes:
        if not isinstance(node, ast.Try) or not node.handlers or line is None:
            continue
        caught = {
            source.qualified(part) for handler in node.handlers if handler.type for part in ast.walk(handler.type)
        }
        if "NameError" in caught and node.lineno <= line < node.handlers[0].lineno:
            return True
    return False


def _is_lenient(source: Source) -> bool:
    """Tests name things to see that it works; packages import what others shall find in them."""
    return source.is_test or source.path.endswith("__init__.py")


def python_sources(sources: Iterable[Source | None]) -> list[Source]:
    return [source for source in sources if source is not None and source.language == "python"]
