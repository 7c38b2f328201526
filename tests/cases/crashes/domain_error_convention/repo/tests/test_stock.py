import pytest
from warehouse.errors import UnknownSku
from warehouse.stock import Stock


def test_level():
    stock = Stock()
    stock.receive("A", 4, "r1")
    stock.take("A", 1)
    assert stock.level("A") == 3
    assert stock.bin_of("A") == "r1"


def test_unknown_sku():
    with pytest.raises(UnknownSku):
        Stock().level("A")
