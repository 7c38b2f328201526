import pytest
from gauge import Gauge


def test_add():
    assert Gauge(1).add(2).value == 3


def test_set():
    gauge = Gauge()
    gauge.value = 7
    assert gauge.value == 7
    with pytest.raises(ValueError):
        gauge.value = -1
