from pathlib import Path


def read_lines(path: Path, marker: str) -> list[str]:
    """Lines after the one that holds `marker`; all lines when there is no such line."""
    with path.open(encoding="utf-8") as handle:
        seen = False
        lines = []
        for line in handle:
            if seen:
                lines.append(line.rstrip("\n"))
            elif marker in line:
                seen = True
    if not seen:
        lines = [line.rstrip("\n") for line in handle]
    return lines
