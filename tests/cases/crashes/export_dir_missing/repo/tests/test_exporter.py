from exporter import export_rows, read_rows


def test_export_round_trip(tmp_path):
    (tmp_path / "2026").mkdir()
    path = export_rows([{"a": 1}], tmp_path, "2026-11-01")
    assert path.name == "2026-11-01.json"
    assert read_rows(path) == [{"a": 1}]
