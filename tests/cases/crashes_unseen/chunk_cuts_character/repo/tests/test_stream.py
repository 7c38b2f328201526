from relay.stream import LineReader


def test_lines_over_chunks():
    reader = LineReader()
    assert reader.feed(b"one\ntw") == ["one"]
    assert reader.feed(b"o\n") == ["two"]
