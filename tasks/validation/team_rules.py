"""Rules that a team writes down in YAML.

rules:
  - id: no-direct-requests
    call: requests.get              # or `import: requests`, or `pattern:` with a regular expression
    message: use app.http instead
    suggestion: from app.http import client
    severity: error                 # the default; or warning, info
    paths: ["app/**", "!app/http.py"]
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import yaml
from pathspec import GitIgnoreSpec
from pydantic import Field, ValidationError, model_validator

from tasks.errors import ConfigurationError
from tasks.models import Frozen
from tasks.validation.source import Source


class TeamRule(Frozen):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    message: str = Field(min_length=1)
    suggestion: str = ""
    severity: Literal["error", "warning", "info"] = "error"
    paths: tuple[str, ...] = ()
    """Globs as in `.gitignore`; empty for every file."""
    call: str | None = None
    import_: str | None = Field(default=None, alias="import")
    pattern: str | None = None

    @model_validator(mode="after")
    def _forbids_one_thing(self) -> TeamRule:
        if sum(item is not None for item in (self.call, self.import_, self.pattern)) != 1:
            raise ValueError("give exactly one of `call`, `import` and `pattern`")
        if self.pattern is not None:
            try:
                re.compile(self.pattern)
            except re.error as error:
                raise ValueError(f"`pattern` is no regular expression: {error}") from error
        return self

    def lines(self, source: Source) -> Iterator[int]:
        """Lines of `source` that break the rule."""
        if self.paths and not GitIgnoreSpec.from_lines(self.paths).match_file(source.path):
            return
        if self.pattern is not None:
            found = re.compile(self.pattern)
            yield from (number for number, line in enumerate(source.lines, start=1) if found.search(line))
        elif self.call is not None:
            yield from (call.lineno for call in source.calls if source.qualified(call.func) == self.call)
        else:
            yield from (
                node.lineno
                for node in source.nodes
                if isinstance(node, ast.stmt) and _imports(node, self.import_ or "")
            )


def _imports(node: ast.AST, module: str) -> bool:
    if isinstance(node, ast.Import):
        names = [item.name for item in node.names]
    elif isinstance(node, ast.ImportFrom) and node.level == 0:
        names = [node.module or ""] + [f"{node.module}.{item.name}" for item in node.names]
    else:
        return False
    return any(name == module or name.startswith(f"{module}.") for name in names)


class _File(Frozen):
    rules: tuple[TeamRule, ...] = ()


def load_team_rules(path: Path) -> tuple[TeamRule, ...]:
    """The rules in the file at `path`; raises ConfigurationError with the rule and key that cannot be used."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"cannot read the team rules {str(path)!r}: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"the team rules {str(path)!r} are no YAML: {' '.join(str(error).split())}") from error
    try:
        return _File.model_validate(content or {}).rules
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(f"the team rules {str(path)!r}, {place or 'top'}: {first['msg']}") from error
