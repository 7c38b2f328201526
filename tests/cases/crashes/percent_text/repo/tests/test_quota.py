from quota import full_volumes, parse_quota


def test_parse_quota():
    assert parse_quota("home 81") == ("home", 81)


def test_full_volumes():
    assert full_volumes(["home 81", "logs 97"]) == ["logs"]
