from jobs.accounts import close_account, close_all
from jobs.audit import TRAIL, audited


def test_close_all():
    accounts = {7: 0, 8: 20}
    before = len(TRAIL)
    assert close_all(accounts) == 2
    assert accounts == {}
    assert len(TRAIL) == before + 2


def test_keyword_to_any_function():
    @audited("greet")
    def greet(name, *, loud=False):
        return name.upper() if loud else name

    assert greet("ada", loud=True) == "ADA"
    assert greet(name="ada") == "ada"


def test_force_by_keyword():
    assert close_account({1: 5}, 1, force=True) is True
    assert close_account({1: 5}, number=1) is False
