from logtail import read_lines


def test_no_marker(tmp_path):
    path = tmp_path / "app.log"
    path.write_text("a\nb\n")
    assert read_lines(path, "mark") == ["a", "b"]


def test_marker(tmp_path):
    path = tmp_path / "app.log"
    path.write_text("x mark\nb\n")
    assert read_lines(path, "mark") == ["b"]
