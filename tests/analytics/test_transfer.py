from __future__ import annotations

import duckdb
import pytest

from analytics.collector import WorkflowMetricsCollector
from analytics.events import EVENT_TYPES, Outcome
from analytics.history import History
from analytics.ledger import Ledger
from analytics.transfer import export_history, import_history
from tasks.errors import InputError


@pytest.fixture
def filled(home, result, judgements):
    ledger = Ledger(home)
    for _ in range(2):
        history_id = WorkflowMetricsCollector(ledger).record(result, judgements=judgements, run_id="flow ü \"'\n1")
        ledger.append(Outcome(history_id=history_id, verdict="approved"))
    return home


def everything(home):
    history = History(home)
    return [history.run(run.id) for run in history.runs()]


@pytest.mark.parametrize("name", ["history.jsonl", "history-export"])
def test_export_is_imported_elsewhere_without_a_difference(filled, tmp_path, name):
    exported = export_history(filled, tmp_path / name)
    other = tmp_path / "other home"
    report = import_history(other, tmp_path / name)
    assert report.records == exported.records > 20
    assert (report.known, report.broken) == (0, 0)
    assert everything(other) == everything(filled)


@pytest.mark.parametrize("name", ["history.jsonl", "history-export"])
def test_importing_again_adds_nothing(filled, tmp_path, name):
    exported = export_history(filled, tmp_path / name)
    import_history(tmp_path / "other", tmp_path / name)
    report = import_history(tmp_path / "other", tmp_path / name)
    assert (report.records, report.known) == (0, exported.records)
    assert import_history(filled, tmp_path / name).records == 0


def test_import_adds_to_what_is_there(filled, tmp_path, make_generation):
    export_history(filled, tmp_path / "history.jsonl")
    other = tmp_path / "other"
    Ledger(other).append(make_generation())
    import_history(other, tmp_path / "history.jsonl")
    assert History(other).metrics().runs == 3


def test_line_given_twice_is_one_record(filled, tmp_path):
    file = tmp_path / "history.jsonl"
    exported = export_history(filled, file)
    file.write_bytes(file.read_bytes() * 2)
    report = import_history(tmp_path / "other", file)
    assert (report.records, report.known) == (exported.records, exported.records)


def test_broken_line_is_named_and_the_others_imported(filled, tmp_path):
    file = tmp_path / "history.jsonl"
    exported = export_history(filled, file)
    file.write_bytes(b"{}\n\n" + file.read_bytes() + b'{"kind": "generation"}')
    report = import_history(tmp_path / "other", file)
    assert (report.records, report.broken) == (exported.records, 2)
    assert report.first_broken.startswith("history.jsonl:1: ")


def test_parquet_with_values_out_of_bounds_is_not_taken(filled, tmp_path):
    export_history(filled, tmp_path / "out")
    file = str(tmp_path / "out" / "outcome.parquet")
    duckdb.execute(
        f"copy (select * replace ('gossip' as verdict) from read_parquet('{file}')) to '{file}.new' (format parquet)"
    )
    (tmp_path / "out" / "outcome.parquet.new").replace(file)
    report = import_history(tmp_path / "other", tmp_path / "out")
    assert report.broken == 2
    assert "verdict" in report.first_broken


def test_empty_history_is_exported_and_imported(home, tmp_path):
    assert export_history(home, tmp_path / "out").records == 0
    assert {path.stem for path in (tmp_path / "out").iterdir()} == set(EVENT_TYPES)
    assert import_history(tmp_path / "other", tmp_path / "out").records == 0


def test_existing_target_is_left_alone(home, tmp_path):
    with pytest.raises(InputError, match="exists already"):
        export_history(home, tmp_path)
    with pytest.raises(InputError, match="no folder"):
        export_history(home, tmp_path / "nowhere" / "history.jsonl")


@pytest.mark.parametrize("junk", ["missing", "folder", "parquet"])
def test_source_that_cannot_be_read_is_named(home, tmp_path, junk):
    source = tmp_path / junk
    if junk != "missing":
        source.mkdir()
    if junk == "parquet":
        (source / "generation.parquet").write_bytes(b"PAR0")
    with pytest.raises(InputError, match=junk):
        import_history(home, source)
