"""Many processes writing history at once, some of them killed: what is lost, what is doubled, what a run pays.

    nice python -m benchmarks.history_writers [--processes 32] [--records 200] [--others 10]

A record is everything that one finished run brings. The ledger, which mendflow uses, stands beside SQLite (WAL, synced)
and DuckDB opened for each record; those two write `--others` records a process.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from analytics.collector import WorkflowMetricsCollector
from analytics.database import open_readable
from analytics.fold import fold
from analytics.ids import uuid7
from analytics.ledger import Ledger
from benchmarks.history_runs import finished_run
from benchmarks.report import table, write_report

READER = """
import sys, time
from pathlib import Path
from analytics.history import History
while True:
    History(Path(sys.argv[1]), timeout_s=60).metrics()
    time.sleep(0.5)
"""


@dataclass
class Measured:
    way: str
    processes: int
    acknowledged: int = 0
    errors: int = 0
    kills: int = 0
    lost: int = 0
    doubled: int = 0
    seconds: float = 0.0
    costs_ms: list[float] = field(default_factory=list)

    def row(self) -> list[str]:
        spread = statistics.quantiles(self.costs_ms, n=100) if len(self.costs_ms) > 1 else [0.0] * 99
        return [
            self.way,
            str(self.processes),
            f"{self.acknowledged:,}",
            f"{self.acknowledged / self.seconds:,.0f}",
            f"{spread[49]:.1f}",
            f"{spread[98]:.1f}",
            *(f"{count:,}" for count in (self.kills, self.errors, self.lost, self.doubled)),
        ]


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.history_writers")
    parser.add_argument("--processes", type=int, default=32)
    parser.add_argument("--records", type=int, default=200)
    parser.add_argument("--others", type=int, default=10)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    chance = random.Random(options.seed)
    many, few = options.processes, options.others
    measured = [
        measure("ledger", 1, options.records),
        measure("ledger", many, options.records),
        measure("ledger", many, options.records, chance),
        measure("sqlite", many, few),
        measure("duckdb", many, few),
    ]
    header = ["way", "processes", "records", "a second", "p50 ms", "p99 ms", "kills", "errors", "lost", "doubled"]
    intro = (
        "Each process writes finished runs, a record each, and notes the ids that were acknowledged; a reader asks for "
        "the metrics every half second. `lost` are acknowledged records that the history lacks, `doubled` those that "
        "it has twice. Times are what one record cost its writer, with all processes on this machine's processors; a "
        "killed writer is started again and does all its records."
    )
    write_report(
        "history_writers", "History with many writers", intro, [table(header, [m.row() for m in measured])], ("duckdb",)
    )


def measure(way: str, processes: int, records: int, chance: random.Random | None = None) -> Measured:
    """Let the processes write, with random kills where `chance` is given, and compare with what is stored."""
    name = {"ledger": "ledger", "sqlite": "SQLite, WAL, FULL", "duckdb": "DuckDB, opened for each"}[way]
    measured = Measured(name + (", kill -9" if chance else ""), processes)
    with tempfile.TemporaryDirectory(prefix="mendflow-bench-") as folder:
        home = Path(folder)
        _PREPARE.get(way, lambda home: None)(home)
        reader = subprocess.Popen([sys.executable, "-c", READER, folder]) if way == "ledger" else None
        try:
            _run_writers(way, home, records, measured, chance)
        finally:
            if reader:
                reader.kill()
                reader.wait()
        notes = [line.split() for path in home.glob("*.notes") for line in _whole_lines(path)]
        acknowledged = [note[1] for note in notes if note[0] == "ok"]
        stored = _STORED[way](home)
        measured.errors += sum(note[0] == "error" for note in notes)
        measured.acknowledged = len(acknowledged)
        measured.costs_ms = [float(note[2]) * 1000 for note in notes if note[0] == "ok"]
        ends = [float(note[3]) for note in notes if note[0] == "ok"]
        measured.seconds = max(ends) - min(ends)
        measured.lost = len(set(acknowledged) - set(stored))
        measured.doubled = len(stored) - len(set(stored))
    return measured


def _run_writers(way: str, home: Path, records: int, measured: Measured, chance: random.Random | None) -> None:
    def start(number: int) -> subprocess.Popen[bytes]:
        notes = home / f"{number}-{uuid7()}.notes"
        return subprocess.Popen([sys.executable, "-m", __spec__.name, "--worker", way, home, notes, str(records)])

    running = {number: start(number) for number in range(measured.processes)}
    kills_left = dict.fromkeys(running, 2) if chance else {}
    while running:
        time.sleep(0.05)
        for number, process in list(running.items()):
            if chance and kills_left[number] and process.poll() is None and chance.random() < 0.02:
                process.kill()
                process.wait()
                kills_left[number] -= 1
                measured.kills += 1
                running[number] = start(number)
            elif process.poll() is not None:
                measured.errors += process.returncode != 0
                del running[number]


def _whole_lines(path: Path) -> list[str]:
    text = path.read_text()
    return text[: text.rfind("\n") + 1].splitlines()


def work(way: str, home: Path, notes: Path, records: int) -> None:
    """Write `records` finished runs and note what became of each."""
    write = _WRITERS[way](home)
    with notes.open("w", buffering=1) as log:
        for _ in range(records):
            history_id, started = uuid7(), time.monotonic()
            try:
                write(history_id)
            except (duckdb.Error, sqlite3.Error) as error:
                log.write(f"error {type(error).__name__}\n")
            else:
                ended = time.monotonic()
                log.write(f"ok {history_id} {ended - started} {ended}\n")


def _ledger_writer(home: Path) -> Callable[[str], object]:
    collector = WorkflowMetricsCollector(Ledger(home))
    run = finished_run()
    return lambda history_id: collector.record(
        run.result, repository=run.repository, judgements=run.judgements, history_id=history_id
    )


def _payload(home: Path) -> str:
    """What the ledger would hold of one run."""
    scratch = Ledger(home / "scratch" / uuid7())
    run = finished_run()
    WorkflowMetricsCollector(scratch).record(run.result, repository=run.repository, judgements=run.judgements)
    return "".join(path.read_text() for path in (scratch.home / "ledger").iterdir())


def _sqlite_writer(home: Path) -> Callable[[str], object]:
    payload = _payload(home)
    connection = sqlite3.connect(home / "history.sqlite", timeout=10, isolation_level=None)
    connection.execute("pragma synchronous = full")
    return lambda history_id: connection.execute("insert into run values (?, ?)", (history_id, payload))


def _duckdb_writer(home: Path) -> Callable[[str], object]:
    payload = _payload(home)

    def write(history_id: str) -> None:
        deadline = time.monotonic() + 10
        while True:
            try:
                with duckdb.connect(str(home / "direct.duckdb")) as connection:
                    connection.execute("insert into run values (?, ?)", (history_id, payload))
                return
            except duckdb.IOException:
                if time.monotonic() > deadline:
                    raise
                time.sleep(random.uniform(0.01, 0.05))

    return write


def _prepare_sqlite(home: Path) -> None:
    with sqlite3.connect(home / "history.sqlite") as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("create table run (id text, payload text)")


def _prepare_duckdb(home: Path) -> None:
    with duckdb.connect(str(home / "direct.duckdb")) as connection:
        connection.execute("create table run (id varchar, payload varchar)")


def _stored_in_ledger(home: Path) -> list[str]:
    fold(home)
    with open_readable(home) as connection:
        return [str(row[0]) for row in connection.execute("select id from generation").fetchall()]


def _stored_in_sqlite(home: Path) -> list[str]:
    with sqlite3.connect(home / "history.sqlite") as connection:
        return [row[0] for row in connection.execute("select id from run")]


def _stored_in_duckdb(home: Path) -> list[str]:
    with duckdb.connect(str(home / "direct.duckdb")) as connection:
        return [row[0] for row in connection.execute("select id from run").fetchall()]


_PREPARE = {"sqlite": _prepare_sqlite, "duckdb": _prepare_duckdb}
_WRITERS = {"ledger": _ledger_writer, "sqlite": _sqlite_writer, "duckdb": _duckdb_writer}
_STORED = {"ledger": _stored_in_ledger, "sqlite": _stored_in_sqlite, "duckdb": _stored_in_duckdb}


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        work(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]), int(sys.argv[5]))
    else:
        main(sys.argv[1:])
