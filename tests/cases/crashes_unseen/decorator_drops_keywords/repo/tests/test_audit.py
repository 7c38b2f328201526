from jobs.accounts import close_account
from jobs.audit import TRAIL


def test_close_empty():
    accounts = {7: 0, 8: 20}
    assert close_account(accounts, 7)
    assert not close_account(accounts, 8)
    assert accounts == {8: 20}
    assert TRAIL[-1] == "close"
