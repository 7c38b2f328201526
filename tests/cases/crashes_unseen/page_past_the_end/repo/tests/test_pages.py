import pytest
from listing.pages import Pages


def test_pages():
    pages = Pages([1, 2, 3], size=2)
    assert pages.count == 2
    assert pages.page(1) == [1, 2]
    assert pages.page(2) == [3]


def test_counted_from_one():
    with pytest.raises(ValueError):
        Pages([1]).page(0)
