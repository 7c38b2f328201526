from store.db import Store


def test_add(tmp_path):
    Store(str(tmp_path / "s.db")).add("a", 2)
