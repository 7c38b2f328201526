import pytest
from catalog.client import ApiError, CatalogClient


class Session:
    def __init__(self, answer):
        self.answer = answer

    def get_json(self, path):
        return self.answer


def test_error_is_reported():
    with pytest.raises(ApiError):
        CatalogClient(Session({"error": "unknown sku"})).stock("zz")


def test_stock():
    assert CatalogClient(Session({"data": {"quantity": 0}})).stock("a") == 0
