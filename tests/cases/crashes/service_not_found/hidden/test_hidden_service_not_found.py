import pytest
from members.errors import NotFound
from members.service import MemberService
from members.store import MemberStore


def test_rename_unknown():
    service = MemberService(MemberStore())
    with pytest.raises(NotFound):
        service.rename("zz", "Bea")
