from importer import names, read_customers


def test_read_customers(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text("name,city\nAda,London\n")
    assert read_customers(path) == [{"name": "Ada", "city": "London"}]


def test_names(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text("name,city\nAda,London\nBob,Paris\n")
    assert names(path) == ["Ada", "Bob"]
