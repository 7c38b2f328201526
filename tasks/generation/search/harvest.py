"""What the text of the failing tests tells: constants, expected exceptions with their messages."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from tasks.generation.search.observations import Observations
from tasks.generation.search.scope import Facts
from tasks.generation.search.sources import SourceFile

_RAISES = frozenset({"raises", "assertRaises", "assertRaisesRegex", "raises_regex"})


def find_tests(nodeids: Iterable[str], load: Callable[[str], SourceFile | None]) -> list[ast.AST]:
    """The functions behind pytest node ids, as far as they can be found."""
    found: list[ast.AST] = []
    for nodeid in nodeids:
        path, *names = nodeid.split("[")[0].split("::")
        file = load(path)
        if file is None or not names:
            continue
        matches = [n for n in ast.walk(file.tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
        found += [node for node in matches if node.name == names[-1] and node not in found]
    return found


def harvest_facts(tests: Iterable[ast.AST], seen: Observations) -> Facts:
    strings: dict[str, None] = {}
    numbers: dict[int | float, None] = {}
    raises: dict[tuple[str, str], None] = {}
    for test in tests:
        for node in ast.walk(test):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                strings[node.value] = None
            elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
                numbers[node.value] = None  # type: ignore[index]  # narrowed by the line above
            elif isinstance(node, ast.Call):
                raises.update(dict.fromkeys(_expected(node)))
    short = tuple(text for text in strings if len(text) <= 60)
    long = tuple(text for text in strings if len(text) >= 6)[:60]
    facts = Facts(types=seen.types, strings=short, numbers=tuple(numbers), raises=tuple(raises)[:4])
    kinds = [kind for failure in seen.failures for kind in failure.kinds]
    messages = [message for _, message in facts.raises if message]
    return replace(facts, error_types=tuple(dict.fromkeys(kinds)), messages=tuple(messages), expected=long)


def _expected(call: ast.Call) -> list[tuple[str, str]]:
    """Exception types and messages of `pytest.raises(X, match="...")` and `assertRaises` calls."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in _RAISES or not call.args:
        return []
    first = call.args[0]
    kinds = first.elts if isinstance(first, ast.Tuple) else [first]
    patterns = [k.value for k in call.keywords if k.arg == "match"] + (call.args[1:2] if name.endswith("egex") else [])
    texts = [p.value for p in patterns if isinstance(p, ast.Constant) and isinstance(p.value, str)]
    message = _plain(texts[0]) if texts else ""
    names = [k.attr if isinstance(k, ast.Attribute) else getattr(k, "id", "") for k in kinds]
    return [(name, message) for name in names if name]


def _plain(pattern: str) -> str:
    """The text that a simple pattern asks for: anchors and escapes removed."""
    return re.sub(r"\\(.)", r"\1", pattern.removeprefix("^").removesuffix("$"))
