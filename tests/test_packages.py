"""The generic top-level names resolve to this repository, and every name of the seed document is findable."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| `([\w.]+)` \|", README, re.MULTILINE)


@pytest.mark.parametrize("name", ["flows", "tasks", "blocks", "deployments", "analytics"])
def test_package_resolves_inside_the_repository(name: str) -> None:
    package = importlib.import_module(name)
    assert package.__file__ is not None
    assert Path(package.__file__).is_relative_to(ROOT)


def test_readme_has_the_table_of_names() -> None:
    assert len(ROWS) >= 20


@pytest.mark.parametrize(("name", "module"), ROWS)
def test_seed_name_imports_as_the_readme_says(name: str, module: str) -> None:
    found = getattr(importlib.import_module(module), name)
    assert isinstance(found, type)
    assert found.__doc__


def test_no_flow_file_shares_its_name_with_another_module() -> None:
    import sys

    flow_files = {path.stem for path in (ROOT / "flows").glob("*.py")} - {"__init__"}
    packages = {"flows", "tasks", "blocks", "deployments", "analytics", "tests", "benchmarks"}
    assert not flow_files & (packages | set(sys.stdlib_module_names))
