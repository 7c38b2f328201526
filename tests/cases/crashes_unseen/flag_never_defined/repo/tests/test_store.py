from flags.store import FlagStore


def test_full_and_empty_rollout():
    store = FlagStore({"new_cart": 100})
    store.define("dark_mode", 0)
    assert store.is_on("new_cart", "ada")
    assert not store.is_on("dark_mode", "ada")
    assert store.asked == 2
