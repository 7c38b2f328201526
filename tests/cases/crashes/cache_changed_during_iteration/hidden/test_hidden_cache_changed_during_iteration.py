from cache import Cache


def test_purge_drops_all_expired():
    cache = Cache(ttl_s=10)
    for n, key in enumerate("abc"):
        cache.put(key, n, now=0)
    cache.put("d", 4, now=9)
    assert cache.purge(now=12) == 3
    assert cache.get("d", now=12) == 4
