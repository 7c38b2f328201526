"""Markdown pages of measurements, with what they were measured with."""

from __future__ import annotations

import datetime
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "docs" / "benchmarks"
TOOLS = ("ruff", "bandit", "radon")


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A markdown table; all columns but the first are numbers where the first row holds numbers."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def write_report(name: str, title: str, intro: str, sections: Sequence[str], tools: Sequence[str] = TOOLS) -> Path:
    """Write `docs/benchmarks/<name>.md` and print it."""
    versions = ", ".join(f"{tool} {version(tool)}" for tool in tools)
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    made = f"Measured {today} with Python {platform.python_version()}, {versions}: `python -m benchmarks.{name}`."
    page = "\n\n".join([f"# {title}", intro, *sections, made]) + "\n"
    FOLDER.mkdir(parents=True, exist_ok=True)
    target = FOLDER / f"{name}.md"
    target.write_text(page, encoding="utf-8")
    print(page)
    return target
