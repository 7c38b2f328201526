from pager import page_team


def test_lead_is_paged_first():
    pages = page_team({"lead": "ada", "members": ["bob"]}, "fire")
    assert pages == [
        {"to": "ada", "text": "fire", "priority": "high", "retries": 1},
        {"to": "bob", "text": "fire", "priority": "normal", "retries": 1},
    ]
