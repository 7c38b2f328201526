"""A Prefect API server for one command on this machine, started before the slow imports of the command itself.

Prefect can start a temporary server by itself, but only after it imported the whole server into the client: measured
11.6 s until a first flow had run against 4.9 s this way. Runs land in `MENDFLOW_HOME/prefect`, so a server started
later on the same folder shows them.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tasks.errors import MendflowError

STARTUP_LIMIT_S = 120.0
"""A first start also migrates a new database: 10 s here, longer on a loaded machine."""
QUEUE_LIMIT_S = 5.0


def configured_api_url(environ: dict[str, str]) -> str | None:
    """The API that the user's environment or active Prefect profile names; read without importing Prefect."""
    if url := environ.get("PREFECT_API_URL"):
        return url
    folder = Path(environ.get("PREFECT_HOME", "~/.prefect")).expanduser()
    try:
        profiles = tomllib.loads(Path(environ.get("PREFECT_PROFILES_PATH", folder / "profiles.toml")).read_text())
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return None
    name = environ.get("PREFECT_PROFILE") or profiles.get("active")
    profile = profiles.get("profiles", {}).get(name, {})
    return profile.get("PREFECT_API_URL") if isinstance(profile, dict) else None


class LocalServer:
    """The server process; its API is usable after `wait_until_ready`."""

    def __init__(self, home: Path) -> None:
        self.home = home / "prefect"
        self.home.mkdir(parents=True, exist_ok=True)
        self.log = self.home / "local-server.log"
        self.port = free_port()
        self.process = self._start()

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "uvicorn", "--factory", "prefect.server.api.server:create_app"]
        command += ["--host", "127.0.0.1", "--port", str(self.port), "--log-level", "error", "--lifespan", "on"]
        environment = {
            **os.environ,
            "PREFECT_HOME": str(self.home),
            "PREFECT_LOGGING_LEVEL": "WARNING",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_API_BLOCKS_REGISTER_ON_START": "false",
            "PREFECT_UI_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            # What Prefect sets for its own temporary server: no background services.
            "PREFECT__SERVER_EPHEMERAL": "1",
            "PREFECT__SERVER_FINAL": "1",
        }
        with self.log.open("wb") as log:
            return subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=end_with_parent
            )

    def wait_until_ready(self) -> None:
        """Return once the API answers; raises MendflowError when it ended or took too long."""
        deadline = time.monotonic() + STARTUP_LIMIT_S
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise MendflowError(f"the local Prefect server ended with {self.process.returncode}; see {self.log}")
            try:
                with urllib.request.urlopen(f"{self.api_url}/health", timeout=5) as reply:
                    if reply.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise MendflowError(f"the local Prefect server was not ready after {STARTUP_LIMIT_S:.0f} s; see {self.log}")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def end_with_parent() -> None:
    """Runs in the child: on Linux the kernel ends it when the command dies, even by kill -9."""
    if sys.platform == "linux":
        PR_SET_PDEATHSIG = 1
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@contextmanager
def prefect_api(home: Path, *, verbose: bool = False) -> Iterator[None]:
    """An API for the flows of this process: the configured one, else a local server that ends with the block.

    Sets the environment that Prefect reads when it is imported, so enter it before importing a flow.
    """
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "DEBUG" if verbose else "INFO")
    os.environ.setdefault("PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW", "ignore")
    if configured_api_url(dict(os.environ)):
        yield
        return
    server = LocalServer(home)
    try:
        os.environ["PREFECT_HOME"] = str(server.home)
        os.environ["PREFECT_API_URL"] = server.api_url
        os.environ["PREFECT_SERVER_ALLOW_EPHEMERAL_MODE"] = "false"
        import prefect  # noqa: F401  imported while the server starts: it costs a second of its own

        server.wait_until_ready()
        try:
            yield
        finally:
            send_what_is_queued()
    finally:
        server.stop()


def send_what_is_queued() -> None:
    """Hand the last log lines and events of this process to the server, which is about to end."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    for worker in (APILogWorker, EventsWorker):
        worker.drain_all(timeout=QUEUE_LIMIT_S)
