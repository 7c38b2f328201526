import pytest
from warehouse.errors import WarehouseError
from warehouse.stock import Stock


def test_bin_of_unknown_goods():
    with pytest.raises(WarehouseError):
        Stock().bin_of("ZX-9")


def test_bin_of():
    stock = Stock()
    stock.receive("A", 1, "r7")
    assert stock.bin_of("A") == "r7"
