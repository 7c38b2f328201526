from store.db import Store


def test_total(tmp_path):
    store = Store(str(tmp_path / "s.db"))
    assert store.total() == 0
    store.add("a", 2)
    store.add("b", 5)
    assert store.total() == 7
