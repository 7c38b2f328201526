from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from tasks.protocols import SandboxLimits
from tasks.sandbox import choose_sandbox
from tasks.validation.test_suite import TestSuite

MakeSuite = Callable[..., TestSuite]


@pytest.fixture
def make_suite(tmp_path: Path) -> MakeSuite:
    """A TestSuite over files given as `{path: source}`."""

    def make(files: dict[str, str], *command: str, **options: object) -> TestSuite:
        root = tmp_path / "repository"
        for name, source in files.items():
            place = root / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(textwrap.dedent(source))
        return TestSuite(
            choose_sandbox(str(options.pop("sandbox", "auto"))),
            root,
            command or ("pytest",),
            python=sys.executable,
            environment=dict(options.pop("environment", {})),
            limits=SandboxLimits(wall_s=float(options.pop("wall_s", 40))),
        )

    return make
