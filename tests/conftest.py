"""One Prefect server for a whole test session, started only when a test asks for it."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# Read when Prefect is imported. Without the session's server no flow may run: a forgotten fixture fails at once.
os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="mendflow-tests-prefect-")
atexit.register(shutil.rmtree, os.environ["PREFECT_HOME"], ignore_errors=True)
os.environ["PREFECT_SERVER_ALLOW_EPHEMERAL_MODE"] = "false"
os.environ["PREFECT_LOGGING_LEVEL"] = "INFO"
os.environ.pop("PREFECT_API_URL", None)
os.environ.pop("MENDFLOW_CONFIG", None)


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real API server, which flows of this process use too."""
    from deployments.local_server import LocalServer, send_what_is_queued

    server = LocalServer(tmp_path_factory.mktemp("prefect-server"))
    try:
        from prefect.settings import PREFECT_API_URL, temporary_settings

        server.wait_until_ready()
        with temporary_settings({PREFECT_API_URL: server.api_url}), pytest.MonkeyPatch.context() as environment:
            environment.setenv("PREFECT_API_URL", server.api_url)
            yield server.api_url
            send_what_is_queued()
    finally:
        server.stop()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh MENDFLOW_HOME."""
    folder = tmp_path / "mendflow-home"
    monkeypatch.setenv("MENDFLOW_HOME", str(folder))
    return folder
