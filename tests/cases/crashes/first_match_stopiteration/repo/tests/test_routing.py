from routing import find_route, target_for


def test_find_route():
    assert find_route("/api/users").target == "api"


def test_target_for():
    assert target_for("/static/app.js") == "cdn"
