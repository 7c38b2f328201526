import pytest
from catalog.client import ApiError, CatalogClient


class Session:
    def __init__(self, answers):
        self.answers = answers

    def get_json(self, path):
        return self.answers[path]


def test_product():
    client = CatalogClient(Session({"/products/a": {"data": {"name": "Mug"}}}))
    assert client.product("a") == {"name": "Mug"}


def test_product_error():
    with pytest.raises(ApiError):
        CatalogClient(Session({"/products/a": {"error": "gone"}})).product("a")


def test_stock():
    assert CatalogClient(Session({"/stock/a": {"data": {"quantity": 3}}})).stock("a") == 3
