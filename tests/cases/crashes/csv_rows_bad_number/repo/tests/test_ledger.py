from ledger import import_statement


def test_import_statement():
    assert import_statement("id,amount\nb1,10.50\n") == ({"b1": 1050}, 0)


def test_rows_without_id_are_skipped():
    assert import_statement("id,amount\n,1\nb2,2\n") == ({"b2": 200}, 1)
