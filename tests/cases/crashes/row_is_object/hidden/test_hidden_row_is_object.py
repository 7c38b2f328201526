from accounts.mailing import recipients
from accounts.model import Account


def test_each_once():
    accounts = [Account(1, "a@x"), Account(2, "b@x", False), Account(3, "a@x"), Account(4, "c@x")]
    assert recipients(accounts) == ["a@x", "c@x"]
