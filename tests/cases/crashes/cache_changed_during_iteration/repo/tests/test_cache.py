from cache import Cache


def test_get_returns_fresh_value():
    cache = Cache(ttl_s=10)
    cache.put("a", 1, now=0)
    assert cache.get("a", now=5) == 1
    assert cache.get("a", now=11) is None


def test_purge_keeps_fresh_entries():
    cache = Cache(ttl_s=10)
    cache.put("a", 1, now=0)
    assert cache.purge(now=5) == 0
