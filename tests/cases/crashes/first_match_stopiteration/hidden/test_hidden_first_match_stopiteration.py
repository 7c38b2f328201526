from routing import find_route, target_for


def test_no_route():
    assert find_route("/robots.txt") is None
    assert target_for("/robots.txt") == "fallback"
    assert target_for("/api/x") == "api"
