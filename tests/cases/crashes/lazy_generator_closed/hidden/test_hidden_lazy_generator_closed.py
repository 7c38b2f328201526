from reader import count, records


def test_records(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("a\n\n b\n")
    assert list(records(path)) == ["a", "b"]
    assert count(path) == 2
