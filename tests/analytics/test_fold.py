from __future__ import annotations

import json
import logging
import threading
from pathlib import Path

import duckdb
import pytest

from analytics.database import database_file, open_readable
from analytics.events import CacheLookup, Outcome, encode
from analytics.fold import fold, rebuild
from analytics.history import History
from analytics.ids import uuid7
from analytics.ledger import Ledger
from analytics.locks import HistoryBusyError, history_lock
from tasks.errors import HistoryError


def lookup(cache: str = "c") -> CacheLookup:
    return CacheLookup(history_id=uuid7(), cache=cache, is_hit=True)


def stored(home: Path) -> list[str]:
    with open_readable(home) as connection:
        return [str(row[0]) for row in connection.execute("select id from cache_lookup order by id").fetchall()]


def quarantined(home: Path) -> list[tuple[str, str]]:
    with open_readable(home) as connection:
        return connection.execute("select reason, line from ledger_quarantine order by start_byte").fetchall()


def write_segment(home: Path, data: bytes) -> Path:
    """A segment whose writer is gone."""
    folder = home / "ledger"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{uuid7()}.jsonl"
    path.write_bytes(data)
    return path


def test_records_are_folded_once_while_the_writer_goes_on(home):
    ledger = Ledger(home)
    ids = [ledger.append(lookup()) for _ in range(3)]
    assert fold(home).records == 3
    ids += [ledger.append(lookup())]
    assert fold(home).records == 1
    assert fold(home).records == 0
    assert stored(home) == sorted(ids)


def test_no_ledger_yet_is_an_empty_history(home):
    assert fold(home).records == 0
    assert History(home).runs() == []
    assert History(home).metrics().runs == 0


def test_half_written_line_of_a_living_writer_is_left_for_later(home):
    ledger = Ledger(home)
    ledger.append(lookup())
    (segment,) = (home / "ledger").iterdir()
    line = encode(lookup())
    with segment.open("ab") as other:
        other.write(line[:40])
    assert (fold(home).records, quarantined(home)) == (1, [])
    with segment.open("ab") as other:
        other.write(line[40:])
    assert fold(home).records == 1


@pytest.fixture
def fold_log(caplog):
    # Directly, since the command line stops our loggers from handing lines to the root logger.
    logger = logging.getLogger("analytics.fold")
    logger.addHandler(caplog.handler)
    yield caplog
    logger.removeHandler(caplog.handler)


def test_half_written_line_of_a_dead_writer_is_quarantined_once(home, fold_log):
    write_segment(home, encode(lookup()) + encode(lookup())[:50])
    report = fold(home)
    assert "1 broken ledger lines" in fold_log.text
    assert (report.records, report.broken) == (1, 1)
    assert fold(home).broken == 0
    ((reason, line),) = quarantined(home)
    assert "middle of this line" in reason
    assert line.startswith('{"v":1')


BROKEN = {
    "no JSON": b"hello",
    "empty": b"",
    "not UTF-8": b'{"kind":"cache_lookup\xff"}',
    "NUL": b"\0\0\0",
    "unknown kind": b'{"v":1,"kind":"gossip"}',
    "missing field": b'{"v":1,"kind":"cache_lookup","is_hit":true}',
    "newer schema": encode(lookup()).strip().replace(b'"v":1', b'"v":2'),
    "wrong type": encode(lookup()).strip().replace(b'"is_hit":true', b'"is_hit":"perhaps"'),
    "number without end": encode(lookup()).strip().replace(b'"duration_ms":0.0', b'"duration_ms":Infinity'),
    "money beyond bounds": encode(lookup()).strip().replace(b'"saved_usd":0.0', b'"saved_usd":1e30'),
    "id that is none": encode(lookup()).strip().replace(b'"id":"0', b'"id":"x'),
    "two lines in one": encode(lookup()).strip() * 2,
}


@pytest.mark.parametrize("line", BROKEN.values(), ids=BROKEN.keys())
def test_broken_line_is_quarantined_and_its_neighbours_kept(home, line):
    write_segment(home, encode(lookup()) + line + b"\n" + encode(lookup()))
    report = fold(home)
    assert (report.records, report.broken) == (2, 1)
    assert len(quarantined(home)) == 1


def test_line_that_spells_its_json_in_another_way_is_a_record(home):
    fields = json.loads(encode(lookup("caf\u00e9")))
    write_segment(home, json.dumps(dict(reversed(fields.items())), ensure_ascii=True, indent=None).encode() + b"\n")
    assert fold(home).records == 1
    assert History(home).frame("cache_lookup")["cache"].tolist() == ["caf\u00e9"]


def test_field_of_a_newer_version_is_passed_over(home):
    write_segment(home, encode(lookup()).replace(b'"v":1', b'"v":1,"invented_later":[1]'))
    assert fold(home).records == 1


def test_segment_larger_than_a_read_is_whole(home):
    events = [lookup("x" * 3_000) for _ in range(3_000)]
    write_segment(home, b"".join(map(encode, events)))
    assert fold(home).records == 3_000
    assert stored(home) == sorted(event.id for event in events)


def test_same_record_in_two_segments_counts_once(home):
    event = lookup()
    write_segment(home, encode(event) * 2)
    fold(home)
    write_segment(home, encode(event))
    assert fold(home).duplicates == 1
    assert stored(home) == [event.id]


def test_rebuild_makes_the_same_rows_from_the_ledger_alone(home):
    ledger = Ledger(home)
    ids = [ledger.append(lookup()) for _ in range(5)]
    write_segment(home, b"broken\n")
    fold(home)
    before = stored(home), quarantined(home)
    database_file(home).unlink()
    report = rebuild(home)
    assert (report.records, report.broken) == (5, 1)
    assert (stored(home), quarantined(home)) == before
    ids.append(ledger.append(lookup()))
    fold(home)
    assert stored(home) == sorted(ids)


@pytest.mark.parametrize("junk", [b"x" * 5_000, b""], ids=["junk", "empty file"])
def test_damaged_database_is_named_with_the_way_out_and_rebuilt(home, junk):
    Ledger(home).append(lookup())
    fold(home)
    database_file(home).write_bytes(junk)
    if junk:
        with pytest.raises(HistoryError, match="mendflow history rebuild"):
            fold(home)
    assert rebuild(home).records == 1
    assert fold(home).records == 0


def test_log_of_the_old_database_is_not_replayed_into_the_rebuilt_one(home):
    Ledger(home).append(lookup())
    fold(home)
    database_file(home).with_name("history.duckdb.wal").write_bytes(b"stale")
    rebuild(home)
    assert len(stored(home)) == 1


def test_folder_that_cannot_be_used_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(HistoryError, match="MENDFLOW_HOME"):
        History(tmp_path / "file").runs()


def test_migration_changed_after_the_fact_is_refused(home):
    fold(home)
    with duckdb.connect(str(database_file(home))) as connection:
        connection.execute("update schema_migration set sha256 = 'other'")
    with pytest.raises(HistoryError, match=r"001_initial\.sql.*rebuild"):
        fold(home)


def test_database_of_a_newer_version_is_refused(home):
    fold(home)
    with duckdb.connect(str(database_file(home))) as connection:
        connection.execute("insert into schema_migration values (999, 'later', '', now()::timestamp)")
    with pytest.raises(HistoryError, match="newer mendflow"):
        fold(home)


def test_fold_waits_for_readers_and_says_when_it_waited_too_long(home):
    fold(home)
    with history_lock(home, shared=True, timeout_s=1), pytest.raises(HistoryBusyError, match="in use"):
        fold(home, timeout_s=0.05)
    fold(home, timeout_s=0.05)


def test_reader_serves_what_is_there_while_another_reads(home, make_generation):
    ledger = Ledger(home)
    ledger.append(make_generation())
    assert len(History(home).runs()) == 1
    ledger.append(make_generation())
    with history_lock(home, shared=True, timeout_s=1):
        assert len(History(home).runs()) == 1
    assert len(History(home).runs()) == 2


def test_threads_read_and_fold_at_once(home, make_generation):
    ledger, failures = Ledger(home), []

    def work() -> None:
        try:
            for _ in range(5):
                ledger.append(make_generation())
                History(home).metrics()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert History(home).metrics().runs == 20


def test_later_verdict_on_a_patch_wins(home, make_generation):
    ledger, generation = Ledger(home), make_generation(cost_usd=0.5)
    ledger.append(generation)
    for verdict in ("approved", "merged", "reverted"):
        ledger.append(Outcome(history_id=generation.id, verdict=verdict))
    assert History(home).runs()[0].verdict == "reverted"
    assert History(home).metrics().accepted == 0
