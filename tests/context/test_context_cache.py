"""The caches keep to their size and to their order of use."""

from __future__ import annotations

import os
from pathlib import Path

from tasks.context.cache import IssueContextCache
from tasks.models import Suspect


def test_drops_the_least_recently_used_beyond_its_size(tmp_path: Path) -> None:
    value = (Suspect(path="a" * 1000, score=1.0),)
    cache = IssueContextCache(tmp_path, size_bytes=3500)
    for age, key in enumerate(("first", "second", "third")):
        cache.put(key, value)
        for entry in tmp_path.glob("*.json"):
            moment = entry.stat().st_mtime - 100 + age
            os.utime(entry, (moment, moment))
    assert cache.get("first") == value
    cache.put("fourth", value)
    assert [cache.get(key) is not None for key in ("first", "second", "third", "fourth")] == [True, False, True, True]
    assert list(tmp_path.glob(".new-*")) == []


def test_keeps_nothing_without_a_folder_or_in_one_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (None, tmp_path / "file"):
        cache = IssueContextCache(folder)
        cache.put("key", ())
        assert cache.get("key") is None
        assert (cache.hits, cache.lookups) == (0, 1)
