from pager import page, page_team


def test_page():
    assert page("ada", "x", priority="high")["priority"] == "high"


def test_page_team_without_lead():
    assert [p["to"] for p in page_team({"members": ["bob", "cy"]}, "x")] == ["bob", "cy"]
