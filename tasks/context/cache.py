"""What was found once, kept on disk for the next incident on the same contents.

One JSON file an entry: any process may read while another writes, and nothing in it can run code.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from tasks.models import Incident, RepositoryContext, Suspect

Value = TypeVar("Value")
_FORMAT = 2
"""Raised when the meaning of an entry changes while its shape does not."""
_SIZE_BYTES = 64 * 1024**2


class _DiskCache(Generic[Value]):
    """Entries by key, the least recently used dropped first once the folder outgrows its size."""

    def __init__(self, folder: Path | None, adapter: TypeAdapter[Value], size_bytes: int) -> None:
        self._folder = folder
        self._adapter = adapter
        self._size_bytes = size_bytes
        self._shape = hashlib.sha256(f"{_FORMAT}{json.dumps(adapter.json_schema())}".encode()).hexdigest()
        self.hits = 0
        self.lookups = 0

    def get(self, key: str) -> Value | None:
        """None when it is not there, or is broken: a broken entry is a miss."""
        self.lookups += 1
        if self._folder is None:
            return None
        path = self._path(key)
        try:
            value = self._adapter.validate_json(path.read_bytes())
            os.utime(path)
        except (OSError, ValidationError):
            return None
        self.hits += 1
        return value

    def put(self, key: str, value: Value) -> None:
        """Keep the value; a cache folder that cannot be written keeps nothing."""
        if self._folder is None:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._write(self._path(key), self._adapter.dump_json(value))
            self._evict()
        except OSError:
            return

    def _path(self, key: str) -> Path:
        name = hashlib.sha256(f"{self._shape}:{key}".encode("utf-8", "surrogatepass")).hexdigest()
        return (self._folder or Path()) / f"{name}.json"

    def _write(self, path: Path, content: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise

    def _evict(self) -> None:
        entries = sorted(self._entries(), reverse=True)
        total = 0
        for _, size, path in entries:
            total += size
            if total > self._size_bytes:
                path.unlink(missing_ok=True)

    def _entries(self) -> Iterable[tuple[int, int, Path]]:
        for path in (self._folder or Path()).glob("*.json"):
            try:
                status = path.stat()
            except FileNotFoundError:  # another process dropped it
                continue
            yield status.st_mtime_ns, status.st_size, path


class RepositoryContextCache(_DiskCache[RepositoryContext]):
    """Structure of a repository by the key of its snapshot; suspects and paths of this machine are not in it."""

    def __init__(self, folder: Path | None, size_bytes: int = _SIZE_BYTES) -> None:
        super().__init__(folder, TypeAdapter(RepositoryContext), size_bytes)


class IssueContextCache(_DiskCache[tuple[Suspect, ...]]):
    """Suspects by what an incident says of the fault and the repository that it was held against."""

    def __init__(self, folder: Path | None, size_bytes: int = _SIZE_BYTES) -> None:
        super().__init__(folder, TypeAdapter(tuple[Suspect, ...]), size_bytes)

    @staticmethod
    def key(incident: Incident, repository: RepositoryContext, snapshot_key: str) -> str:
        """Equal for two reports of the same fault; when it was seen and under which id plays no part."""
        incident = incident.model_copy(update={"id": "", "fingerprint": "", "occurred_at": None, "links": ()})
        commits = "".join(commit.sha for commit in repository.recent_commits)
        return f"{snapshot_key}:{commits}:{_digest(incident)}"


def _digest(model: BaseModel) -> str:
    return hashlib.sha256(model.model_dump_json().encode()).hexdigest()
