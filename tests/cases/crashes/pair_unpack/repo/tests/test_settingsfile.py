from settingsfile import parse


def test_parse():
    assert parse("# c\n\na = 1\nb=2\n") == {"a": "1", "b": "2"}
