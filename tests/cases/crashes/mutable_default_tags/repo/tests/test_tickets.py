import pytest
from tickets import DuplicateTag, Ticket


def test_add_tag():
    ticket = Ticket("t", ["a"])
    ticket.add_tag("b")
    assert ticket.tags == ["a", "b"]


def test_tag_twice():
    with pytest.raises(DuplicateTag):
        Ticket("t", ["a"]).add_tag("a")
