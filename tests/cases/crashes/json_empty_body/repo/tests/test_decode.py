from client.decode import decode, stock_of


def test_decode():
    assert decode('{"stock": 3}') == {"stock": 3}


def test_stock_of():
    assert stock_of('{"stock": 3}') == 3
    assert stock_of("{}") == 0
