from pathlib import Path


def write_pid(path: Path, pid: int) -> None:
    path.write_text(str(pid))


def read_pid(path: Path) -> int:
    return int(path.read_text())


def cleanup(path: Path) -> None:
    """Remove the pid file; two stop commands may race."""
    path.unlink()
