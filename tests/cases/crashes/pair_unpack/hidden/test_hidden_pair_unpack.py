from settingsfile import parse


def test_value_with_equals_sign():
    assert parse("url = http://x/?a=1&b=2") == {"url": "http://x/?a=1&b=2"}
    assert parse("a=1") == {"a": "1"}
