from shipping import city_of, label


def test_no_address():
    assert city_of({}) == ""
    assert city_of({"address": None}) == ""
    assert label({"name": "Ada"}) == "Ada"
