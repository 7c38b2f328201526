from ledger import import_statement


def test_broken_amount_is_skipped_and_counted():
    assert import_statement("id,amount\nb1,n/a\nb2,3\n") == ({"b2": 300}, 1)


def test_good_rows():
    assert import_statement("id,amount\nb1,1\nb2,3\n") == ({"b1": 100, "b2": 300}, 0)
