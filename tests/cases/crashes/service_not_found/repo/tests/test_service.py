import pytest
from members.errors import NotFound
from members.service import MemberService
from members.store import MemberStore


@pytest.fixture
def service():
    store = MemberStore()
    store.save({"id": "m1", "name": "Ada"})
    return MemberService(store)


def test_profile(service):
    assert service.profile("m1") == {"name": "Ada", "plan": "free"}


def test_unknown_profile(service):
    with pytest.raises(NotFound):
        service.profile("m2")


def test_rename(service):
    service.rename("m1", "Bea")
    assert service.profile("m1")["name"] == "Bea"
