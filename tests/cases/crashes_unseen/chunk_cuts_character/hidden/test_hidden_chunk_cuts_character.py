from relay.stream import LineReader


def test_character_over_two_chunks():
    data = "Straße\nÆrø €5\n".encode()
    for cut in range(len(data) + 1):
        reader = LineReader()
        assert reader.feed(data[:cut]) + reader.feed(data[cut:]) == ["Straße", "Ærø €5"]


def test_byte_by_byte():
    reader = LineReader()
    data = "né\n".encode()
    assert [line for n in range(len(data)) for line in reader.feed(data[n : n + 1])] == ["né"]
