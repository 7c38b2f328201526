from parcels.weight import Item, Parcel


def test_voucher_weighs_nothing():
    assert Parcel([Item("mug", 2, 300), Item("voucher", 3, None), Item("card", 1, 10)]).weight == 760


def test_only_vouchers():
    assert Parcel([Item("voucher", 3, None)], box=20).weight == 20
