from profiles import UserStore, display_name

ROWS = [{"id": 7, "first": "Ada", "last": "Byron", "email": "a@b.c"}]


def test_unknown_user_has_no_name():
    assert display_name(UserStore(ROWS), 4411) is None
    assert display_name(UserStore([]), 7) is None


def test_known_user_keeps_name():
    assert display_name(UserStore(ROWS), 7) == "Ada Byron"
