import pytest
from tickets import DuplicateTag, Ticket, open_incident


def test_two_incidents():
    assert open_incident("one").tags == ["incident"]
    assert open_incident("two").tags == ["incident"]


def test_given_tags_are_used():
    assert Ticket("t", ["x"]).tags == ["x"]


def test_duplicates_are_refused():
    ticket = open_incident("three")
    with pytest.raises(DuplicateTag):
        ticket.add_tag("incident")
