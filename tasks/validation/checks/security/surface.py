"""What a file can do after the change that it could not before, said so that a reviewer looks twice."""

from __future__ import annotations

from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import Change
from tasks.validation.source import Source

_ABILITIES = {
    "talks to the network": {
        "socket", "ssl", "http", "urllib", "requests", "httpx", "aiohttp", "urllib3", "ftplib", "smtplib", "websockets",
        "paramiko", "telnetlib", "boto3", "grpc",
    },
    "starts processes": {"subprocess", "pty", "multiprocessing", "os.system", "os.popen", "os.fork", "os.execv"},
    "runs code made at run time": {"eval", "exec", "compile", "importlib", "__import__", "runpy", "ctypes", "code"},
    "builds objects from data": {"pickle", "marshal", "shelve", "dill", "cloudpickle", "jsonpickle"},
    "changes permissions": {"os.chmod", "os.chown", "os.setuid", "os.setgid", "os.umask"},
}  # fmt: skip


def check_surface(change: Change) -> Iterator[ValidationIssue]:
    for file in change.python_files:
        if file.before is None or file.after is None or file.after.is_test:
            continue
        for ability in sorted(_abilities(file.after) - _abilities(file.before)):
            message = f"the file now {ability}, which it did not do before"
            yield file.after.issue(
                Level.SECURITY, "new-ability", "info", None, message, "check that the change needs it"
            )


def _abilities(source: Source) -> set[str]:
    used = {origin.partition(".")[0] for origin in source.aliases.values()}
    used |= {source.qualified(call.func) for call in source.calls}
    return {ability for ability, names in _ABILITIES.items() if used & names}
