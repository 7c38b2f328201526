from accounts.mailing import recipients
from accounts.model import Account


def test_inactive_accounts_get_no_mail():
    assert recipients([Account(1, "a@x.org", active=False)]) == []
