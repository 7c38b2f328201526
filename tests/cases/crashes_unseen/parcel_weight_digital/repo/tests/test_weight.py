from parcels.weight import Item, Parcel


def test_weight():
    assert Parcel([Item("mug", 2, 300), Item("card", 1, 10)]).weight == 760
