import json

import pytest
from client.decode import decode, stock_of


def test_empty_body():
    assert decode("") == {}
    assert stock_of("") == 0


def test_garbage_is_still_an_error():
    with pytest.raises(json.JSONDecodeError):
        decode("<html>")
