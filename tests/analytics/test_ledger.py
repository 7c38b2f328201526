from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from analytics.events import CacheLookup, decode
from analytics.fold import fold
from analytics.history import History
from analytics.ids import uuid7
from analytics.ledger import Ledger
from tasks.errors import HistoryError


def lookup() -> CacheLookup:
    return CacheLookup(history_id=uuid7(), cache="repository-context", is_hit=True)


def lines(home: Path) -> list[bytes]:
    return [line for path in (home / "ledger").glob("*.jsonl") for line in path.read_bytes().splitlines()]


def test_event_is_one_line_that_reads_back_equal(home):
    event = lookup()
    assert Ledger(home).append(event) == event.id
    assert [decode(line) for line in lines(home)] == [event]


def test_ids_sort_by_time():
    ids = [uuid7() for _ in range(50)]
    assert [i[:14] for i in ids] == sorted(i[:14] for i in ids)
    assert {i[14] for i in ids} == {"7"}
    assert {i[19] for i in ids} <= set("89ab")


def test_nothing_to_append_makes_no_segment(home):
    assert Ledger(home).append_all([]) == []
    assert not home.exists()


def test_segment_ends_at_its_size(home):
    ledger = Ledger(home, max_segment_bytes=1)
    for _ in range(3):
        ledger.append(lookup())
    assert len(list((home / "ledger").iterdir())) == 3


def test_threads_share_a_ledger(home):
    ledger = Ledger(home, max_segment_bytes=2_000)
    threads = [threading.Thread(target=lambda: [ledger.append(lookup()) for _ in range(25)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({decode(line).id for line in lines(home)}) == 100


FORK = """
import os, sys
from pathlib import Path
from analytics.events import CacheLookup
from analytics.ids import uuid7
from analytics.ledger import Ledger

ledger = Ledger(Path(sys.argv[1]))
append = lambda: ledger.append(CacheLookup(history_id=uuid7(), cache="c", is_hit=False))
append()
child = os.fork()
append()
if not child:
    os._exit(0)
os.waitpid(child, 0)
append()
"""


def test_forked_child_writes_a_segment_of_its_own(home):
    subprocess.run([sys.executable, "-c", FORK, str(home)], check=True)
    sizes = sorted(len(path.read_bytes().splitlines()) for path in (home / "ledger").iterdir())
    assert sizes == [1, 3]


def test_appending_again_after_an_error_does_not_double_a_record(home):
    ledger, event = Ledger(home), lookup()
    ledger.append(event)
    ledger.append(event)
    report = fold(home)
    assert (report.records, report.duplicates) == (1, 1)


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from analytics.events import CacheLookup
from analytics.ids import uuid7
from analytics.ledger import Ledger
from tasks.errors import HistoryError

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
ledger = Ledger(Path(sys.argv[1]))
lookup = lambda: CacheLookup(history_id=uuid7(), cache="c" * 200, is_hit=False)
written, refused = [], 0
for _ in range(6):
    event = lookup()
    try:
        written.append(ledger.append(event))
    except HistoryError:
        refused += 1
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        written.append(ledger.append(event))
assert refused == 1, refused
print(*written)
"""


def test_record_that_did_not_fit_can_be_appended_again(home):
    run = subprocess.run([sys.executable, "-c", FULL_DISK, str(home)], check=True, capture_output=True, text=True)
    report = fold(home)
    assert (report.records, report.broken) == (6, 1)
    assert set(History(home).frame("cache_lookup")["id"].astype(str)) == set(run.stdout.split())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_folder_without_permission_is_named(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(HistoryError, match="permission denied"):
        Ledger(tmp_path / "home").append(lookup())


def test_ledger_is_private_to_its_user(home):
    Ledger(home).append(lookup())
    (segment,) = (home / "ledger").iterdir()
    assert segment.stat().st_mode & 0o077 == 0
    assert (home / "ledger").stat().st_mode & 0o077 == 0
    assert home.stat().st_mode & 0o077 == 0
