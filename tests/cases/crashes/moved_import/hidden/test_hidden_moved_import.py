from types import MappingProxyType

from flatten import flatten


def test_flatten():
    assert flatten({"a": {"b": 1}, "c": 2}) == {"a.b": 1, "c": 2}
    assert flatten({"a": MappingProxyType({"b": 1})}) == {"a.b": 1}
