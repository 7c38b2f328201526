"""What is known of versions seen before: candidates for one file come in numbers, and all start from the same text."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from tasks.models import ValidationIssue
from tasks.validation.source import Source

MOST_VERSIONS = 8
"""Parsed files kept; one of 10,000 lines takes some 50 MB."""

Findings = tuple[ValidationIssue, ...]


class VersionMemory:
    """The newest versions asked for, with what was found in them; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._versions: OrderedDict[tuple[str, str], Source] = OrderedDict()
        self._findings: dict[Source, dict[Hashable, Findings]] = {}

    def source(self, path: str, text: str) -> Source:
        """The parsed version, the same object for the same path and text while it is remembered."""
        with self._lock:
            source = self._versions.setdefault((path, text), Source(path, text))
            self._versions.move_to_end((path, text))
            self._findings.setdefault(source, {})
            if len(self._versions) > MOST_VERSIONS:
                _, oldest = self._versions.popitem(last=False)
                del self._findings[oldest]
            return source

    def recall(self, source: Source, kind: Hashable) -> Findings | None:
        """What was found of this kind; None when that is not known."""
        with self._lock:
            return self._findings.get(source, {}).get(kind)

    def keep(self, source: Source, kind: Hashable, findings: Findings) -> None:
        """Remember findings, if the version itself is remembered."""
        with self._lock:
            if source in self._findings:
                self._findings[source][kind] = findings

    def of(self, source: Source, kind: Hashable, find: Callable[[], Findings]) -> Findings:
        known = self.recall(source, kind)
        if known is None:
            known = find()
            self.keep(source, kind, known)
        return known
