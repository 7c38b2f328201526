from accounts.model import Account


def recipients(accounts: list[Account]) -> list[str]:
    """Addresses of active accounts, in order, each once."""
    found = []
    for account in accounts:
        if account.active and account["email"] not in found:
            found.append(account.email)
    return found
