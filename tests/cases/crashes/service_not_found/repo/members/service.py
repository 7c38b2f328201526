from members.errors import NotFound
from members.store import MemberStore


class MemberService:
    def __init__(self, store: MemberStore):
        self.store = store

    def profile(self, member_id: str) -> dict:
        member = self.store.get(member_id)
        if member is None:
            raise NotFound(f"no member {member_id!r}")
        return {"name": member["name"], "plan": member.get("plan", "free")}

    def rename(self, member_id: str, name: str) -> None:
        member = self.store.get(member_id)
        member["name"] = name
        self.store.save(member)
