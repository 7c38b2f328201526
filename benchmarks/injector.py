"""Single faults put into the newest commit of git clones, each seen to fail a test. Frozen before the engine was tuned.

    python -m benchmarks.injector OUT CLONE... --python PYTHON [--per-project N] [--seed N]

The kinds are slips that people make (something forgotten, something mistaken for its neighbour). They are drawn by
chance over functions and kinds, without looking at what the engine can undo. Cases have the form that
`benchmarks.fault_cases` writes.
"""

from __future__ import annotations

import argparse
import ast
import itertools
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from benchmarks.fault_cases import Case, check_out, git, is_test, run_tests
from tasks.generation.search.sources import Edit, SourceFile, Unit, splice
from tasks.sandbox.choose import choose_sandbox

Site = tuple[Edit, ...]
Kind = Callable[[SourceFile, Unit], Iterator[Site]]
_SUITE_S = 60.0


def _walk(unit: Unit, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
    return (node for node in ast.walk(unit.node) if isinstance(node, kinds))


def _cut(file: SourceFile, start: int, end: int, text: str = "") -> Site:
    return (Edit(start, end, text),)


def forgotten_keyword(file: SourceFile, unit: Unit) -> Iterator[Site]:
    for call in _walk(unit, ast.Call):
        assert isinstance(call, ast.Call)
        if len(call.args) + len(call.keywords) > 1 and call.keywords and call.keywords[-1].arg:
            last = call.keywords[-1]
            before = call.keywords[-2].value if len(call.keywords) > 1 else call.args[-1]
            yield _cut(file, file.span(before)[1], file.span(last.value)[1])


def forgotten_statement(file: SourceFile, unit: Unit) -> Iterator[Site]:
    for node in _walk(unit, ast.Expr, ast.AugAssign):
        assert isinstance(node, ast.Expr | ast.AugAssign)
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            yield _cut(file, *file.span(node), "pass")


def forgotten_guard(file: SourceFile, unit: Unit) -> Iterator[Site]:
    for node in _walk(unit, ast.If):
        assert isinstance(node, ast.If)
        jump = isinstance(node.body[-1], ast.Return | ast.Raise | ast.Continue | ast.Break)
        if jump and len(node.body) == 1 and not node.orelse and file.source(node).startswith("if"):
            yield _cut(file, *file.span(node), "pass")


def forgotten_condition(file: SourceFile, unit: Unit) -> Iterator[Site]:
    for node in _walk(unit, ast.BoolOp):
        assert isinstance(node, ast.BoolOp)
        yield _cut(file, file.span(node.values[-2])[1], file.span(node.values[-1])[1])


def wrong_variable(file: SourceFile, unit: Unit) -> Iterator[Site]:
    names = sorted({n.id for n in _walk(unit, ast.Name) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)})
    names += [argument.arg for argument in unit.node.args.args if argument.arg not in ("self", "cls")]
    for node in _walk(unit, ast.Name):
        assert isinstance(node, ast.Name)
        if isinstance(node.ctx, ast.Load) and node.id in names and len(set(names)) > 1:
            other = random.Random(f"{unit.qualname}{node.lineno}{node.col_offset}").choice(sorted({*names} - {node.id}))
            yield _cut(file, *file.span(node), other)


def wrong_bound(file: SourceFile, unit: Unit) -> Iterator[Site]:
    pairs = {ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">")}
    for node in _walk(unit, ast.Compare):
        assert isinstance(node, ast.Compare)
        if len(node.ops) == 1 and type(node.ops[0]) in pairs:
            start, end = file.span(node.left)[1], file.span(node.comparators[0])[0]
            old, new = pairs[type(node.ops[0])]
            yield _cut(file, start, end, file.text[start:end].replace(old, new, 1))


def wrong_number(file: SourceFile, unit: Unit) -> Iterator[Site]:
    for node in _walk(unit, ast.Constant):
        assert isinstance(node, ast.Constant)
        if type(node.value) is int:
            yield _cut(file, *file.span(node), str(node.value + 1))


def mixed_up_arguments(file: SourceFile, unit: Unit) -> Iterator[Site]:
    for node in _walk(unit, ast.Call):
        assert isinstance(node, ast.Call)
        if len(node.args) >= 2 and not any(isinstance(argument, ast.Starred) for argument in node.args):
            first, second = file.span(node.args[0]), file.span(node.args[1])
            yield (Edit(*first, file.source(node.args[1])), Edit(*second, file.source(node.args[0])))


def forgotten_not(file: SourceFile, unit: Unit) -> Iterator[Site]:
    for node in _walk(unit, ast.UnaryOp):
        assert isinstance(node, ast.UnaryOp)
        if isinstance(node.op, ast.Not):
            yield _cut(file, *file.span(node), f"({file.source(node.operand)})")


def forgotten_conversion(file: SourceFile, unit: Unit) -> Iterator[Site]:
    for node in _walk(unit, ast.Call):
        assert isinstance(node, ast.Call)
        if isinstance(node.func, ast.Attribute) and not node.args and not node.keywords:
            yield _cut(file, *file.span(node), file.source(node.func.value))
        elif isinstance(node.func, ast.Name) and len(node.args) == 1 and not node.keywords and node.func.id != "super":
            yield _cut(file, *file.span(node), f"({file.source(node.args[0])})")


def wrong_attribute(file: SourceFile, unit: Unit) -> Iterator[Site]:
    found = [n for n in _walk(unit, ast.Attribute) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)]
    own = [n for n in found if isinstance(n.value, ast.Name) and n.value.id == "self"]
    names = sorted({n.attr for n in own})
    for node in own:
        if len(names) > 1:
            other = random.Random(f"{node.lineno}{node.col_offset}").choice(
                [name for name in names if name != node.attr]
            )
            yield _cut(file, *file.span(node), f"self.{other}")


def forgotten_default(file: SourceFile, unit: Unit) -> Iterator[Site]:
    for node in _walk(unit, ast.Call):
        assert isinstance(node, ast.Call)
        if (
            isinstance(node.func, ast.Attribute)
            and node.func.attr in ("get", "pop", "setdefault")
            and len(node.args) == 2
        ):
            yield _cut(file, file.span(node.args[0])[1], file.span(node.args[1])[1])


def forgotten_slice(file: SourceFile, unit: Unit) -> Iterator[Site]:
    for node in _walk(unit, ast.Subscript):
        assert isinstance(node, ast.Subscript)
        if isinstance(node.slice, ast.Slice) and isinstance(node.ctx, ast.Load):
            yield _cut(file, *file.span(node), file.source(node.value))


def narrow_handler(file: SourceFile, unit: Unit) -> Iterator[Site]:
    for node in _walk(unit, ast.ExceptHandler):
        assert isinstance(node, ast.ExceptHandler)
        if isinstance(node.type, ast.Tuple):
            yield _cut(file, *file.span(node.type), file.source(node.type.elts[0]))


def narrow_type(file: SourceFile, unit: Unit) -> Iterator[Site]:
    for node in _walk(unit, ast.Call):
        assert isinstance(node, ast.Call)
        if isinstance(node.func, ast.Name) and node.func.id == "isinstance" and isinstance(node.args[-1], ast.Tuple):
            yield _cut(file, *file.span(node.args[-1]), file.source(node.args[-1].elts[-1]))


def return_in_loop(file: SourceFile, unit: Unit) -> Iterator[Site]:
    for block in (getattr(node, "body", None) for node in ast.walk(unit.node)):
        for loop, following in itertools.pairwise(block) if isinstance(block, list) else ():
            plain = isinstance(following, ast.Return) and following.lineno == following.end_lineno
            if isinstance(loop, ast.For | ast.While) and plain and not loop.orelse:
                yield _cut(file, file.span(following)[0], file.span(following)[0], "    ")


def separate_branches(file: SourceFile, unit: Unit) -> Iterator[Site]:
    for node in _walk(unit, ast.If):
        assert isinstance(node, ast.If)
        start = file.span(node)[0]
        if file.text.startswith("elif", start):
            yield _cut(file, start, start + 4, "if")


def misspelt_key(file: SourceFile, unit: Unit) -> Iterator[Site]:
    for node in _walk(unit, ast.Subscript):
        assert isinstance(node, ast.Subscript)
        if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str) and len(node.slice.value) > 2:
            value = node.slice.value
            yield _cut(file, *file.span(node.slice), repr(value[:-2] + value[-1] + value[-2]))


KINDS: tuple[Kind, ...] = (
    forgotten_keyword, forgotten_statement, forgotten_guard, forgotten_condition, wrong_variable, wrong_bound,
    wrong_number, mixed_up_arguments, forgotten_not, forgotten_conversion, wrong_attribute, forgotten_default,
    forgotten_slice, narrow_handler, narrow_type, return_in_loop, separate_branches, misspelt_key,
)  # fmt: skip


def faults(root: Path, chance: random.Random) -> Iterator[tuple[str, SourceFile, Unit, str]]:
    """Kind, file, function and the file's faulty text, in an order drawn by chance."""
    sites: list[tuple[str, SourceFile, Unit, Site]] = []
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if is_test(name) or name.startswith(("docs", "examples", "bench", "setup")) or len(path.parts) > 14:
            continue
        try:
            text = path.read_text()
            file = SourceFile(name, text, ast.parse(text))
        except (SyntaxError, ValueError):
            continue
        sites += [(k.__name__, file, unit, site) for unit in file.units for k in KINDS for site in k(file, unit)]
    by_kind: dict[str, list[tuple[str, SourceFile, Unit, Site]]] = {}
    for site in sites:
        by_kind.setdefault(site[0], []).append(site)
    kinds = sorted(by_kind)
    chance.shuffle(kinds)
    for kind in kinds:
        for _, file, unit, site in chance.sample(by_kind[kind], min(2, len(by_kind[kind]))):
            yield kind, file, unit, splice(file.text, site)


def build(clone: Path, python: str, count: int, seed: int) -> Iterator[Case]:
    project = clone.parent.name.partition("+")[2] or clone.name
    sandbox = choose_sandbox()
    chance = random.Random(f"{seed} {project}")
    with tempfile.TemporaryDirectory(prefix="injector-") as folder:
        root = Path(folder) / project
        root.mkdir()
        commit = git(clone, "rev-parse", "HEAD").decode().strip()
        check_out(clone, commit, root)
        started = time.monotonic()
        clean = run_tests(sandbox, root, python, [], _SUITE_S)
        seconds = time.monotonic() - started
        if clean is None or list(clean.values()).count("PASSED") < 20:
            return
        anyway = tuple(name for name, outcome in clean.items() if outcome != "PASSED")
        made: set[str] = set()
        for kind, file, unit, faulty in faults(root, chance):
            if len(made) == count:
                return
            if kind in made:
                continue
            (root / file.path).write_text(faulty)
            seen = run_tests(sandbox, root, python, [], _SUITE_S)
            (root / file.path).write_text(file.text)
            failing = tuple(n for n, o in (seen or {}).items() if o != "PASSED" and clean.get(n) == "PASSED")
            if seen is None or not failing or len(failing) > 20:
                continue
            made.add(kind)
            passing = list(seen.values()).count("PASSED")
            yield Case(
                project,
                str(clone),
                commit,
                kind,
                file.path,
                unit.qualname,
                faulty,
                file.text,
                failing,
                anyway,
                passing,
                seconds,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("clones", type=Path, nargs="+")
    parser.add_argument("--python", required=True)
    parser.add_argument("--per-project", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for clone in options.clones:
        for case in build(clone, options.python, options.per_project, options.seed):
            (options.out / f"{case.project}-{case.subject}.json").write_text(json.dumps(asdict(case), indent=1))
            print(case.project, case.subject, case.function, len(case.failing), flush=True)


if __name__ == "__main__":
    main()
