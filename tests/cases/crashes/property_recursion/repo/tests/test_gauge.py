import pytest
from gauge import Gauge


def test_value():
    assert Gauge(3).value == 3


def test_negative():
    with pytest.raises(ValueError):
        Gauge(1).add(-2)
