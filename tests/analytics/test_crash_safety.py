"""Real writers, folders and readers, ended by SIGKILL at random moments."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analytics.database import open_readable
from analytics.fold import fold, rebuild

WRITER = """
import os, sys
from pathlib import Path
from analytics.events import Attempt, CacheLookup
from analytics.ids import uuid7
from analytics.ledger import Ledger

ledger = Ledger(Path(sys.argv[1]), max_segment_bytes=20_000)
acknowledged = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
for number in range(int(sys.argv[3])):
    lookup = CacheLookup(history_id=uuid7(), cache="c" * 300, is_hit=True)
    if number % 10:
        ids = [ledger.append(lookup)]
    else:
        ids = ledger.append_all([lookup, *(lookup.model_copy(update={"id": uuid7()}) for _ in range(4))])
    os.write(acknowledged, "".join(f"{id}\\n" for id in ids).encode())
"""

FOLDER = """
import sys
from pathlib import Path
from analytics.fold import fold
from analytics.locks import HistoryBusyError

while True:
    try:
        fold(Path(sys.argv[1]), timeout_s=0.2)
    except HistoryBusyError:
        pass
"""

READER = """
import sys
from pathlib import Path
from analytics.history import History

seen = 0
while True:
    count = len(History(Path(sys.argv[1]), timeout_s=30).frame("cache_lookup"))
    assert count >= seen, (count, seen)
    seen = count
"""


def start(script: str, *arguments: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", script, *map(str, arguments)], stderr=subprocess.PIPE)


def stop(process: subprocess.Popen[bytes]) -> bytes:
    process.kill()
    process.wait()
    assert process.stderr
    return b"" if process.stderr.closed else process.communicate()[1]


def acknowledged(folder: Path) -> set[str]:
    """What writers were told is on disk; the last line of a killed one may be cut."""
    texts = [path.read_text() for path in folder.glob("*.acknowledged")]
    return {line for text in texts for line in text[: text.rfind("\n") + 1].split()}


def stored(home: Path) -> list[str]:
    with open_readable(home) as connection:
        return [str(row[0]) for row in connection.execute("select id from cache_lookup").fetchall()]


@pytest.mark.parametrize("seed", [1, 2])
def test_acknowledged_records_survive_kills_of_writers_and_folders(home, tmp_path, seed):
    chance = random.Random(seed)
    writers = [start(WRITER, home, tmp_path / f"{n}.acknowledged", 1_000_000) for n in range(4)]
    folder, reader = start(FOLDER, home), start(READER, home)
    try:
        _kill_now_and_then(chance, home, writers, folder, tmp_path)
        assert reader.poll() is None, reader.communicate()[1].decode()
    finally:
        stop(reader)
    report = fold(home)
    ids = stored(home)
    assert len(ids) == len(set(ids))
    assert acknowledged(tmp_path) <= set(ids)
    assert report.broken <= 8
    rebuild(home)
    assert sorted(stored(home)) == sorted(ids)


def _kill_now_and_then(
    chance: random.Random,
    home: Path,
    writers: list[subprocess.Popen[bytes]],
    folder: subprocess.Popen[bytes],
    acknowledgements: Path,
) -> None:
    try:
        deadline = time.monotonic() + 60
        while len(acknowledged(acknowledgements)) < 200 and time.monotonic() < deadline:
            time.sleep(0.02)
        for number in range(4):
            # Starting takes a third of a second, after which it folds all the time.
            time.sleep(chance.uniform(0.4, 0.8))
            assert stop(folder) == b""
            folder = start(FOLDER, home)
            assert stop(writers[number]) == b""
    finally:
        for process in (folder, *writers):
            stop(process)
