from jobs.audit import audited


@audited("close")
def close_account(accounts, number, force=False):
    """Close an empty account, or any when forced; says whether it was closed."""
    if accounts[number] and not force:
        return False
    del accounts[number]
    return True


def close_all(accounts):
    """Close every account, empty or not; how many there were."""
    numbers = list(accounts)
    return sum(close_account(accounts, number, force=True) for number in numbers)
