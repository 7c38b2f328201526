import pytest
from storage.pool import NoNode, connect_any


def test_first():
    assert connect_any(["a", "b"], str.upper) == "A"


def test_none():
    def late(node):
        raise TimeoutError(node)

    with pytest.raises(NoNode):
        connect_any(["a", "b"], late)
