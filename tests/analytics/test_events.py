from __future__ import annotations

from analytics.events import EVENT_TYPES
from analytics.fold import fold
from analytics.history import History

LEDGER_ONLY = {"v", "kind"}


def test_each_event_has_a_table_with_a_column_for_each_field(home):
    fold(home)
    with History(home).session() as connection:
        for table, model in EVENT_TYPES.items():
            rows = connection.execute(
                "select column_name from duckdb_columns() where database_name = 'history' and table_name = ?", [table]
            ).fetchall()
            assert {row[0] for row in rows} == set(model.model_fields) - LEDGER_ONLY, table


def test_kind_of_each_event_is_its_table():
    assert {name: model.model_fields["kind"].default for name, model in EVENT_TYPES.items()} == {
        name: name for name in EVENT_TYPES
    }
