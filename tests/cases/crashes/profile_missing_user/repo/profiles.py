"""User profiles as the account page shows them."""


class UserStore:
    def __init__(self, rows):
        self._rows = {row["id"]: row for row in rows}

    def find(self, user_id):
        """The user's row, or None when nobody has that id."""
        return self._rows.get(user_id)


def email_of(store: UserStore, user_id: int) -> str | None:
    user = store.find(user_id)
    if user is None:
        return None
    return user["email"]


def display_name(store: UserStore, user_id: int) -> str | None:
    """First and last name for the page header."""
    user = store.find(user_id)
    name = f"{user['first']} {user['last']}"
    return name.strip()
