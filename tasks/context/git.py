"""Read-only git, run so that nothing a repository's own configuration says is executed.

A cloned or unpacked repository can carry a `.git/config` whose fsmonitor, filters, signature programs or remotes
name commands; reading the history of a stranger's repository must not run them. https://git-scm.com/docs/git-config
"""

from __future__ import annotations

import os
import subprocess
from functools import cached_property
from pathlib import Path

_OVERRIDES = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    "core.attributesFile=/dev/null",
    "core.quotePath=false",
    "core.pager=cat",
    "core.sshCommand=false",
    "credential.helper=",
    "log.showSignature=false",
    "blame.ignoreRevsFile=",
    "diff.external=",
    "safe.directory=*",
)


class GitRepository:
    """The repository whose work tree is exactly `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @staticmethod
    def is_at(root: Path) -> bool:
        """Whether `root` is the top of a work tree, a linked one included; folders inside one do not count."""
        return (root / ".git").exists() and GitRepository(root).read("rev-parse", "--git-dir") is not None

    def read(self, *arguments: str, timeout_s: float = 60.0) -> bytes | None:
        """What the command prints; None when git is not installed, refuses or takes too long."""
        options = [part for override in (*_OVERRIDES, *self._filter_overrides) for part in ("-c", override)]
        return self._run([*options, *arguments], timeout_s)

    def line(self, *arguments: str) -> str | None:
        """The one line that the command prints; None when it fails or prints nothing."""
        output = self.read(*arguments)
        return output.decode("utf-8", "replace").strip() or None if output is not None else None

    @cached_property
    def _filter_overrides(self) -> tuple[str, ...]:
        """Clean and smudge filters run on `status`; each that the configuration names is emptied."""
        names = self._run(["config", "--name-only", "-z", "--get-regexp", r"^filter\."], timeout_s=10.0) or b""
        keys = {name.decode("utf-8", "surrogateescape") for name in names.split(b"\0") if name}
        sections = sorted({key.rpartition(".")[0] for key in keys})
        return tuple(
            f"{section}.{setting}"
            for section in sections
            if "=" not in section
            for setting in ("clean=", "smudge=", "process=", "required=false")
        )

    def _run(self, arguments: list[str], timeout_s: float) -> bytes | None:
        try:
            run = subprocess.run(
                ["git", "--no-pager", *arguments],
                cwd=self.root,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=timeout_s,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return run.stdout if run.returncode == 0 else None

    @cached_property
    def _environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        return kept | {
            "LC_ALL": "C",
            "GIT_DIR": str(self.root / ".git"),
            "GIT_WORK_TREE": str(self.root),  # outranks a `core.worktree` that points elsewhere
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ALLOW_PROTOCOL": "none",  # a partial clone would otherwise fetch what it lacks
            "GIT_NO_LAZY_FETCH": "1",
        }
