"""All benchmarks that need nothing but this repository, one after the other, and a page that lists every result.

    python -m benchmarks [--list]

Those on public projects take paths of clones and run on their own; `--list` prints how.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

ALONE = ("throughput", "validation_bad", "validation_speed", "crashes", "context_scale", "history_writers")
ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "benchmarks"
INDEX = ROOT / "docs" / "benchmarks.md"


def usage(path: Path) -> str | None:
    """The command that a benchmark's docstring names; None for a module that is none."""
    found = re.search(r"(python -m benchmarks\.\w+.*)", path.read_text("utf-8"))
    return found[1].strip("`.") if found else None


def write_index() -> None:
    """Every page below docs/benchmarks by its title, newest state."""
    lines = [f"- [{page.read_text('utf-8').splitlines()[0].lstrip('# ')}](benchmarks/{page.name})" for page in pages()]
    intro = (
        "Each page names the command that repeats it, the versions and the date. `make bench` runs what needs no clone."
    )
    INDEX.write_text("\n".join(["# Benchmarks", "", intro, "", *lines, ""]), encoding="utf-8")


def pages() -> list[Path]:
    return sorted(PAGES.glob("*.md"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--list", action="store_true", help="print the command of each benchmark and end")
    if parser.parse_args().list:
        for path in sorted(Path(__file__).parent.glob("*.py")):
            command = usage(path)
            if command and not path.stem.startswith("_"):
                print(command)
        return 0
    failed = []
    for name in ALONE:
        print(f"== {name}", file=sys.stderr)
        if subprocess.call([sys.executable, "-m", f"benchmarks.{name}"], cwd=ROOT):
            failed.append(name)
    write_index()
    print(f"failed: {', '.join(failed)}" if failed else f"all ran; see {INDEX.relative_to(ROOT)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
