"""The seams: what a stage needs from the world, said without naming who provides it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tasks.models import Domain, EndedBy, GenerationOutcome, GenerationTask


@dataclass(frozen=True)
class SandboxLimits:
    wall_s: float = 60.0
    cpu_s: float = 60.0
    memory_bytes: int = 2 * 1024**3
    """Per process."""
    processes: int = 128
    output_bytes: int = 4 * 1024**2
    """Of stdout and stderr together; the run is ended beyond it."""
    file_bytes: int = 256 * 1024**2
    total_memory_bytes: int = 4 * 1024**3
    """Of all its processes together."""
    disk_bytes: int = 1024**3
    """Of what it writes into `writable`; also the size of its private /tmp, which counts on its own."""


@dataclass(frozen=True)
class SandboxRun:
    exit_code: int | None
    """None when it was ended by a limit."""
    stdout: bytes
    stderr: bytes
    duration_s: float
    ended_by: EndedBy = "exit"


@dataclass(frozen=True)
class SandboxJob:
    """A command and what of the machine it may see.

    The system is readable, the home folder and secrets are not; there is no network.
    """

    command: Sequence[str]
    cwd: Path
    writable: Sequence[Path] = ()
    """Folders that the command may change; everything else is read-only or hidden."""
    readable: Sequence[Path] = ()
    """Folders below otherwise hidden places that it may read, e.g. a virtual environment."""
    environment: Mapping[str, str] = field(default_factory=dict)
    limits: SandboxLimits = SandboxLimits()


class Sandbox(Protocol):
    name: str
    """`bubblewrap` or `rlimits`: it is said in results, since the second isolates less."""

    def run(self, job: SandboxJob, stdin: bytes = b"") -> SandboxRun:
        """Run to the end or to a limit; every process of it is gone on return.

        Raises SandboxError when the isolation cannot be set up, TestCommandError when the command cannot start.
        """
        ...

    def start(self, job: SandboxJob) -> subprocess.Popen[bytes]:
        """Start a long-lived command with pipes on stdin, stdout and stderr; the caller ends it."""
        ...


class OperatorPriors(Protocol):
    """What history says works; the embedded engine multiplies its own hand-made priors with these."""

    def weight(self, rule: str, domain: Domain) -> float:
        """1.0 where nothing was learned."""
        ...


@dataclass(frozen=True)
class GeneratorTools:
    """What a generator is lent for one attempt."""

    sandbox: Sandbox
    priors: OperatorPriors | None = None
    progress: Callable[[str], None] = lambda line: None
    jobs: int = 1
    """Processes that it may keep busy."""


class CandidateSource(Protocol):
    """One technique: codemods, crash templates, search, a model."""

    name: str

    def propose(self, task: GenerationTask, tools: GeneratorTools) -> GenerationOutcome:
        """Candidates best first; an empty outcome whose notes say why is a good answer. Keeps `task.time_limit_s`."""
        ...


def rejected_ids(task: GenerationTask) -> frozenset[str]:
    """Ids of the candidates that validation already turned away."""
    return frozenset(item.candidate_id for item in task.feedback)
