from quota import full_volumes, parse_quota


def test_percent_sign():
    assert parse_quota("home 81%") == ("home", 81)
    assert full_volumes(["logs 97%", "tmp 3%"]) == ["logs"]
    assert parse_quota("x 5") == ("x", 5)
