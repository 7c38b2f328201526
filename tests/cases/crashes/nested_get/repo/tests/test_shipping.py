from shipping import city_of, label


def test_city_of():
    assert city_of({"address": {"city": "Oslo"}}) == "Oslo"
    assert city_of({"address": {}}) == ""


def test_label():
    assert label({"name": "Ada", "address": {"city": "Rome"}}) == "Ada Rome"
