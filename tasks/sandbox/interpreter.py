"""The folders that a Python interpreter needs in order to run where the home folder is hidden."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=64)
def interpreter_folders(python: str) -> tuple[Path, ...]:
    """The environment of `python` and the installation behind it; empty for what is not an absolute file.

    A virtual environment names its installation in `pyvenv.cfg`; links (pyenv, uv, conda) are followed one by one,
    since every folder on the way must be there. Of an installation that lies directly in a home folder only its own
    subfolders are named, so that the home folder stays hidden.
    """
    executable = Path(python)
    if not executable.is_absolute() or not executable.exists():
        return ()
    folders: list[Path] = []
    for binary in (*_links(executable), *_home_of(executable)):
        prefix = binary.parent.parent
        for folder in (prefix, prefix.resolve()):
            folders += [part for part in _shareable(folder) if part not in folders]
    return tuple(folders)


def _links(path: Path) -> list[Path]:
    """`path` and what its links lead to, in order."""
    chain = [path]
    while chain[-1].is_symlink() and len(chain) < 16:
        target = chain[-1].parent / chain[-1].readlink()
        chain.append(Path(os.path.normpath(target)))
    return chain


def _home_of(executable: Path) -> list[Path]:
    configuration = executable.parent.parent / "pyvenv.cfg"
    if not configuration.is_file():
        return []
    for line in configuration.read_text("utf-8", "replace").splitlines():
        key, _, value = line.partition("=")
        if key.strip() == "home":
            return _links(Path(value.strip()) / executable.name)
    return []


def _shareable(prefix: Path) -> list[Path]:
    home = Path.home()
    if home.is_relative_to(prefix) or prefix in (Path("/"), Path("/home")):
        return [folder for name in ("bin", "lib", "lib64", "include") if (folder := prefix / name).is_dir()]
    return [prefix]
