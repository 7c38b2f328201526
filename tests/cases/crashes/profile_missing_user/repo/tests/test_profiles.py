from profiles import UserStore, display_name, email_of

ROWS = [{"id": 7, "first": "Ada", "last": "Byron", "email": "ada@example.org"}]


def test_display_name():
    assert display_name(UserStore(ROWS), 7) == "Ada Byron"


def test_email_of():
    assert email_of(UserStore(ROWS), 7) == "ada@example.org"
    assert email_of(UserStore(ROWS), 8) is None
