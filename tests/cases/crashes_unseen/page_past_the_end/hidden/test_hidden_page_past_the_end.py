import pytest
from listing.pages import Pages


@pytest.mark.parametrize(("number", "items"), [(1, [1, 2]), (2, [3]), (3, []), (9, [])])
def test_page(number, items):
    assert Pages([1, 2, 3], size=2).page(number) == items


def test_nothing_to_list():
    assert Pages([]).page(1) == []


def test_still_counted_from_one():
    with pytest.raises(ValueError):
        Pages([1]).page(0)
