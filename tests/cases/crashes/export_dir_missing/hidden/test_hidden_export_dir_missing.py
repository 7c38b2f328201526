from exporter import export_rows, read_rows


def test_first_export_of_a_year(tmp_path):
    path = export_rows([{"a": 1}], tmp_path / "deep", "2027-01-01")
    assert path == tmp_path / "deep" / "2027" / "2027-01-01.json"
    assert read_rows(path) == [{"a": 1}]


def test_second_export(tmp_path):
    export_rows([], tmp_path, "2027-01-01")
    assert read_rows(export_rows([{"b": 2}], tmp_path, "2027-01-02")) == [{"b": 2}]
