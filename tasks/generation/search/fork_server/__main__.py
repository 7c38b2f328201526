"""Start the server as `python path/to/fork_server`, under a package name that no repository uses."""

import importlib
import importlib.util
import sys
from pathlib import Path


def load_package(name: str) -> None:
    here = Path(__file__).resolve().parent
    location = here / "__init__.py"
    spec = importlib.util.spec_from_file_location(name, location, submodule_search_locations=[str(here)])
    if spec is None or spec.loader is None:
        raise ImportError(f"no package at {str(here)!r}; reinstall mendflow")
    package = importlib.util.module_from_spec(spec)
    sys.modules[name] = package
    spec.loader.exec_module(package)


load_package("mendflow_fork_server")
importlib.import_module("mendflow_fork_server.loop").main()
