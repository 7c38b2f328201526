from logtail import read_lines


def test_lines_after_marker(tmp_path):
    path = tmp_path / "app.log"
    path.write_text("start\nmark 1\na\nb\n")
    assert read_lines(path, "mark") == ["a", "b"]
