class MemberStore:
    def __init__(self):
        self._by_id = {}

    def save(self, member):
        self._by_id[member["id"]] = member

    def get(self, member_id):
        """The member, or None."""
        return self._by_id.get(member_id)
