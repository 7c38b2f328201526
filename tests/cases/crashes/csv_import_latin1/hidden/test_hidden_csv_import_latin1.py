from importer import names


def test_umlauts_survive(tmp_path):
    path = tmp_path / "c.csv"
    path.write_bytes("name,city\nZoë,Köln\n".encode("utf-8"))
    assert names(path) == ["Zoë"]


def test_plain_ascii(tmp_path):
    path = tmp_path / "c.csv"
    path.write_bytes(b"name\nBob\n")
    assert names(path) == ["Bob"]
