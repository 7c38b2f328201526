from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analytics.archive import archives
from analytics.database import database_file, open_readable
from analytics.events import Outcome
from analytics.fold import fold, rebuild
from analytics.history import History
from analytics.ids import uuid7
from analytics.ledger import Ledger
from analytics.upkeep import compact


def files(home: Path) -> list[Path]:
    return sorted((home / "ledger").glob("*.jsonl"))


def ids(home: Path) -> list[str]:
    with open_readable(home) as connection:
        return [str(row[0]) for row in connection.execute("select id from generation order by id").fetchall()]


@pytest.fixture
def write(home, make_generation):
    """Runs in a segment that has ended, `days` ago."""

    def write_ended(count: int = 1, days: float = 0) -> list[str]:
        ledger = Ledger(home)
        moment = datetime.now(UTC) - timedelta(days=days)
        written = [ledger.append(make_generation(recorded_at=moment)) for _ in range(count)]
        ledger.rotate()
        return written

    return write_ended


def test_ended_segments_become_one_archive_that_the_database_is_rebuilt_from(home, write, make_generation):
    living = Ledger(home)
    expected = write(2) + write(3) + [living.append(make_generation())]
    report = compact(home)
    assert (report.segments, report.records, report.removed) == (2, 5, 0)
    assert len(files(home)) == 1
    assert len(archives(home)) == 1
    expected.append(living.append(make_generation()))
    fold(home)
    assert ids(home) == sorted(expected)
    database_file(home).unlink()
    rebuild(home)
    assert ids(home) == sorted(expected)


def test_nothing_to_archive_leaves_no_archive(home):
    assert compact(home).segments == 0
    compact(home)
    assert archives(home) == []


def test_compacting_again_leaves_the_archive_alone(home, write):
    write(2)
    compact(home)
    before = archives(home)
    assert compact(home).segments == 0
    assert archives(home) == before


def test_broken_lines_stay_in_quarantine(home, write):
    (segment_of_broken := home / "ledger").mkdir(parents=True)
    (segment_of_broken / f"{uuid7()}.jsonl").write_bytes(b"broken\n")
    compact(home)
    rebuild(home)
    with open_readable(home) as connection:
        assert connection.execute("select line from ledger_quarantine").fetchall() == [("broken",)]


def test_old_records_go_from_database_segments_and_archives(home, write):
    write(2, days=40)
    compact(home)
    recent = write(1, days=10)
    write(1, days=50)
    report = compact(home, keep_days=30)
    assert (report.removed, report.archives, report.segments) == (3, 1, 2)
    assert ids(home) == recent
    rebuild(home)
    assert ids(home) == recent
    assert compact(home, keep_days=30).removed == 0
    assert len(archives(home)) == 1


def test_history_that_is_all_too_old_is_empty_afterwards(home, write):
    write(3, days=40)
    compact(home, keep_days=1)
    rebuild(home)
    assert History(home).runs() == []


def test_record_of_a_living_writer_goes_from_the_database_only(home, make_generation):
    ledger = Ledger(home)
    old = ledger.append(make_generation(recorded_at=datetime.now(UTC) - timedelta(days=9)))
    assert compact(home, keep_days=5).removed == 1
    assert ids(home) == []
    ledger.append(Outcome(history_id=old, verdict="approved"))
    assert fold(home).records == 1


def test_many_archives_become_one(home, write):
    expected = []
    for _ in range(3):
        expected += write()
        compact(home)
    assert len(archives(home)) == 3
    assert compact(home, max_archives=2).archives == 3
    assert len(archives(home)) == 1
    rebuild(home)
    assert ids(home) == sorted(expected)


def test_home_whose_name_reads_like_a_pattern_or_a_quote(tmp_path, make_generation):
    home = tmp_path / "it's [team]*"
    ledger = Ledger(home)
    generation_id = ledger.append(make_generation())
    ledger.rotate()
    compact(home)
    rebuild(home)
    assert ids(home) == [generation_id]


@pytest.mark.parametrize("state", ["segments still there", "not noted", "half written"])
def test_compaction_that_was_cut_short_doubles_nothing(home, write, tmp_path, state):
    expected = write(2) + write(1)
    fold(home)
    shutil.copytree(home, tmp_path / "before")
    compact(home)
    if state == "segments still there":
        for path in files(tmp_path / "before"):
            shutil.copy(path, home / "ledger")
    elif state == "not noted":
        shutil.copy(tmp_path / "before" / "history.duckdb", home)
    else:
        (archive,) = archives(home)
        shutil.copytree(archive, archive.with_name(".half"))
    fold(home)
    assert ids(home) == sorted(expected)
    rebuild(home)
    assert ids(home) == sorted(expected)
    compact(home)
    assert files(home) == []
    assert len(list((home / "ledger" / "archive").iterdir())) == 1
    assert ids(home) == sorted(expected)
