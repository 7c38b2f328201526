"""Imports: which names a file binds, adding one in its sorted place, dropping those that an edit left unused."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from tasks.generation.codemods.syntax import code_of, dotted


@dataclass(frozen=True)
class ImportedName:
    """`import module` when `name` is None, else `from module import name`."""

    module: str
    name: str | None = None


@dataclass
class ImportTable:
    """The imports at the top level of a file."""

    local_name: dict[str, str] = field(default_factory=dict)
    """Qualified name to the expression that reaches it, e.g. `hashlib` to `h` for `import hashlib as h`."""

    @classmethod
    def of(cls, module: cst.Module) -> ImportTable:
        table = cls()
        for statement in _import_statements(module):
            table._add(statement)
        return table

    def _add(self, statement: cst.Import | cst.ImportFrom) -> None:
        if isinstance(statement.names, cst.ImportStar):
            return
        prefix = ""
        if isinstance(statement, cst.ImportFrom):
            if statement.relative or statement.module is None:
                return
            prefix = f"{dotted(statement.module)}."
        for alias in statement.names:
            self.local_name.setdefault(prefix + (dotted(alias.name) or ""), _local(alias))

    @property
    def packages(self) -> frozenset[str]:
        """Top-level packages that the file imports."""
        return frozenset(name.split(".")[0] for name in self.local_name)


def _local(alias: cst.ImportAlias) -> str:
    return alias.evaluated_alias or alias.evaluated_name


def _import_statements(module: cst.Module) -> Iterator[cst.Import | cst.ImportFrom]:
    for line in module.body:
        if isinstance(line, cst.SimpleStatementLine):
            for small in line.body:
                if isinstance(small, cst.Import | cst.ImportFrom):
                    yield small


def add_imports(module: cst.Module, wanted: Iterable[ImportedName]) -> cst.Module:
    """The module with each import once, in isort's order inside the group where it belongs."""
    for item in sorted(set(wanted), key=lambda i: (i.module, i.name or "")):
        if not _is_imported(module, item):
            module = _insert(module, item)
    return module


def _is_imported(module: cst.Module, item: ImportedName) -> bool:
    known = ImportTable.of(module).local_name
    key = f"{item.module}.{item.name}" if item.name else item.module
    return known.get(key) == (item.name or item.module)


def _insert(module: cst.Module, item: ImportedName) -> cst.Module:
    if item.name is not None:
        for index, found in enumerate(module.body):
            extended = _extended(found, item.module, item.name)
            if extended is not None:
                return module.with_changes(body=[*module.body[:index], extended, *module.body[index + 1 :]])
    code = f"from {item.module} import {item.name}" if item.name else f"import {item.module}"
    line = cst.ensure_type(cst.parse_statement(code), cst.SimpleStatementLine)
    body = list(module.body)
    groups = _groups(body)
    group = next((g for g in groups if _section(body[g[-1]]) == _rank(item.module)), None)
    if group is not None:
        position = next((i for i in group if _sort_key(body[i]) > _sort_key(line)), group[-1] + 1)
        return module.with_changes(body=_placed(body, position, line, group[0]))
    later = next((g for g in groups if _section(body[g[0]]) > _rank(item.module)), None)
    position = later[0] if later else (groups[-1][-1] + 1 if groups else _after_docstring(body))
    return module.with_changes(body=_new_group(module, body, position, line, bool(groups)))


def _extended(line: cst.CSTNode, module: str, name: str) -> cst.SimpleStatementLine | None:
    """The line `from module import ...` with one more name; None when it is another line."""
    statement = line.body[0] if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1 else None
    if not isinstance(statement, cst.ImportFrom) or isinstance(statement.names, cst.ImportStar):
        return None
    if statement.relative or statement.module is None or dotted(statement.module) != module:
        return None
    names = list(statement.names)
    position = next((i for i, alias in enumerate(names) if alias.evaluated_name.lower() > name.lower()), len(names))
    comma = names[0].comma if len(names) > 1 else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    if position < len(names):
        names.insert(position, cst.ImportAlias(cst.Name(name), comma=comma))
    else:
        last = names[-1]
        names[-1] = last.with_changes(comma=comma)
        names.append(cst.ImportAlias(cst.Name(name), comma=last.comma))
    return cst.ensure_type(line, cst.SimpleStatementLine).with_changes(body=[statement.with_changes(names=names)])


def _placed(
    body: list[cst.SimpleStatementLine | cst.BaseCompoundStatement],
    position: int,
    line: cst.SimpleStatementLine,
    first: int,
) -> list[cst.SimpleStatementLine | cst.BaseCompoundStatement]:
    if position == first:
        head = body[first]
        blank = [item for item in head.leading_lines if item.comment is None]
        line = line.with_changes(leading_lines=blank)
        rest = head.with_changes(leading_lines=[item for item in head.leading_lines if item.comment is not None])
        return [*body[:first], line, rest, *body[first + 1 :]]
    return [*body[:position], line, *body[position:]]


def _new_group(
    module: cst.Module,
    body: list[cst.SimpleStatementLine | cst.BaseCompoundStatement],
    position: int,
    line: cst.SimpleStatementLine,
    has_imports: bool,
) -> list[cst.SimpleStatementLine | cst.BaseCompoundStatement]:
    empty = cst.EmptyLine(indent=False)
    lead = [empty] if position > 0 else []
    following = body[position] if position < len(body) else None
    result = [*body[:position], line.with_changes(leading_lines=lead)]
    if following is None:
        return result
    gap = 1 if has_imports and _is_import(following) else 2
    comments = list(following.leading_lines)
    blank = 0
    while blank < len(comments) and comments[blank].comment is None:
        blank += 1
    padding = [] if blank else [empty] * (1 if position == 0 and module.header else gap)
    return [*result, following.with_changes(leading_lines=[*padding, *comments]), *body[position + 1 :]]


def _after_docstring(body: Sequence[cst.CSTNode]) -> int:
    first = body[0] if body else None
    small = first.body[0] if isinstance(first, cst.SimpleStatementLine) else None
    return int(isinstance(small, cst.Expr) and isinstance(small.value, cst.SimpleString | cst.ConcatenatedString))


def _is_import(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.SimpleStatementLine) and isinstance(node.body[0], cst.Import | cst.ImportFrom)


def _groups(body: Sequence[cst.SimpleStatementLine | cst.BaseCompoundStatement]) -> list[list[int]]:
    """Indices of the import lines at the head of the file, parted where the section changes or a blank line stands."""
    groups: list[list[int]] = []
    for index in range(_after_docstring(body), len(body)):
        node = body[index]
        if not _is_import(node):
            break
        blank = any(line.comment is None for line in node.leading_lines)
        if not groups or blank or _section(node) != _section(body[index - 1]):
            groups.append([])
        groups[-1].append(index)
    return groups


def _section(node: cst.CSTNode) -> int:
    statement = node.body[0] if isinstance(node, cst.SimpleStatementLine) else None
    if isinstance(statement, cst.ImportFrom):
        if statement.relative:
            return 3
        return _rank(dotted(statement.module) or "" if statement.module else "")
    if isinstance(statement, cst.Import):
        return _rank(dotted(statement.names[0].name) or "")
    return 4


def _rank(module: str) -> int:
    """isort's sections: future, standard library, the rest."""
    top = module.split(".")[0]
    return 0 if top == "__future__" else 1 if top in sys.stdlib_module_names else 2


def _sort_key(node: cst.CSTNode) -> tuple[int, str]:
    statement = node.body[0] if isinstance(node, cst.SimpleStatementLine) else None
    if isinstance(statement, cst.Import):
        return 0, (dotted(statement.names[0].name) or "").lower()
    if isinstance(statement, cst.ImportFrom) and statement.module is not None:
        return 1, (dotted(statement.module) or "").lower()
    return 2, ""


def drop_unused(before: cst.Module, after: cst.Module, path: str) -> cst.Module:
    """`after` without the top-level imports that `before` used and `after` does not; a package's front stays."""
    if path.endswith("__init__.py"):
        return after
    unused = _words(before) - _words(after)
    if not unused:
        return after
    body: list[cst.SimpleStatementLine | cst.BaseCompoundStatement] = []
    carried: Sequence[cst.EmptyLine] = ()
    for line in after.body:
        kept = _without_aliases(line, unused)
        if kept is None:
            carried = _kept_lines(line.leading_lines, first=not body)
            continue
        if carried:
            kept = kept.with_changes(leading_lines=[*carried, *kept.leading_lines])
            carried = ()
        body.append(kept)
    if body and body[0] is not after.body[0]:
        body[0] = body[0].with_changes(leading_lines=_without_blank_head(body[0].leading_lines))
    return after.with_changes(body=body)


def _without_blank_head(lines: Sequence[cst.EmptyLine]) -> Sequence[cst.EmptyLine]:
    first = next((i for i, line in enumerate(lines) if line.comment is not None), len(lines))
    return lines[first:]


def _kept_lines(lines: Sequence[cst.EmptyLine], first: bool) -> Sequence[cst.EmptyLine]:
    has_comment = any(line.comment is not None for line in lines)
    return lines if has_comment and not first else ()


def _without_aliases(
    line: cst.SimpleStatementLine | cst.BaseCompoundStatement, unused: set[str]
) -> cst.SimpleStatementLine | cst.BaseCompoundStatement | None:
    """The line without the unused imports; None when nothing is left of it. A line with a comment stays."""
    if not isinstance(line, cst.SimpleStatementLine) or line.trailing_whitespace.comment is not None:
        return line
    small = [kept for item in line.body if (kept := _without_names(item, unused)) is not None]
    if len(small) == len(line.body) and all(new is old for new, old in zip(small, line.body, strict=True)):
        return line
    return line.with_changes(body=small) if small else None


def _without_names(item: cst.BaseSmallStatement, unused: set[str]) -> cst.BaseSmallStatement | None:
    if not isinstance(item, cst.Import | cst.ImportFrom) or isinstance(item.names, cst.ImportStar):
        return item
    if isinstance(item, cst.ImportFrom) and item.module is not None and dotted(item.module) == "__future__":
        return item
    names = [alias for alias in item.names if _local(alias).split(".")[0] not in unused]
    if len(names) == len(item.names):
        return item
    if not names:
        return None
    last = cst.MaybeSentinel.DEFAULT if not _parenthesised(item) else item.names[-1].comma
    return item.with_changes(names=[*names[:-1], names[-1].with_changes(comma=last)])


def _parenthesised(item: cst.Import | cst.ImportFrom) -> bool:
    return isinstance(item, cst.ImportFrom) and item.lpar is not None


def _words(module: cst.Module) -> set[str]:
    """Every name and every word of a string, outside import statements; attributes do not count."""
    words: set[str] = set()
    _collect_words(module, words)
    return words


def _collect_words(node: cst.CSTNode, words: set[str]) -> None:
    if isinstance(node, cst.Import | cst.ImportFrom | cst.Comment):
        return
    if isinstance(node, cst.Attribute):
        _collect_words(node.value, words)
        return
    if isinstance(node, cst.Name):
        words.add(node.value)
    elif isinstance(node, cst.SimpleString | cst.FormattedStringText):
        words.update(re.findall(r"\w+", code_of(node)))
    for child in node.children:
        _collect_words(child, words)
