from flags.store import FlagStore


def test_undefined_is_off_for_everybody():
    store = FlagStore({"new_cart": 100})
    assert [store.is_on("beta_search", f"u-{n}") for n in range(40)] == [False] * 40
    assert store.asked == 40


def test_asking_does_not_break_defining():
    store = FlagStore({})
    assert store.is_on("later", "ada") is False
    store.define("later", 100)
    assert store.is_on("later", "ada") is True
