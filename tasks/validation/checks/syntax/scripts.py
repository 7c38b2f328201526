"""Shell scripts that bash cannot read, and Dockerfiles with instructions that docker does not know."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.source import Source

TIME_LIMIT_S = 5.0

_INSTRUCTIONS = frozenset({
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD",
    "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
})  # fmt: skip
_HEREDOC = re.compile(r"<<-?\s*[\"']?(\w+)[\"']?")
_BASH_LINE = re.compile(r"line (\d+): (.*)")


def check_shell(source: Source, house: House) -> Iterator[ValidationIssue]:
    bash = shutil.which("bash")
    if source.language != "shell" or bash is None or source.is_fixture:
        return
    # -n reads without running; an empty environment keeps BASH_ENV from being run all the same.
    run = subprocess.run(
        [bash, "--norc", "--noprofile", "-n"], input=source.text.encode("utf-8", "replace"), capture_output=True,
        env={}, timeout=TIME_LIMIT_S, check=False,
    )  # fmt: skip
    if run.returncode:
        found = _BASH_LINE.search(run.stderr.decode("utf-8", "replace"))
        line, reason = (int(found[1]), found[2]) if found else (None, "bash cannot read it")
        yield source.issue(
            Level.SYNTAX, "invalid-shell", "error", line, f"is no valid shell script: {reason}", "mend it"
        )


def check_dockerfile(source: Source, house: House) -> Iterator[ValidationIssue]:
    if source.language != "dockerfile":
        return
    has_from = False
    for line, instruction in _instructions(source.lines):
        if instruction not in _INSTRUCTIONS:
            message = f"docker knows no instruction {instruction!r}"
            yield source.issue(Level.SYNTAX, "invalid-dockerfile", "error", line, message, "correct the instruction")
        elif not has_from and instruction not in {"FROM", "ARG"}:
            message = f"{instruction} stands before any FROM"
            yield source.issue(Level.SYNTAX, "invalid-dockerfile", "error", line, message, "begin with FROM")
            return
        has_from = has_from or instruction == "FROM"


def _instructions(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Line and name of each instruction; continuation lines, comments and here-documents are stepped over."""
    continued, until = False, ""
    for number, raw in enumerate(lines, start=1):
        line = raw.strip()
        if until:
            until = "" if line == until else until
        elif line and not line.startswith("#"):
            if not continued:
                yield number, line.split(maxsplit=1)[0].upper()
                heredoc = _HEREDOC.search(line)
                until = heredoc[1] if heredoc else ""
            continued = line.endswith(("\\", "`"))
