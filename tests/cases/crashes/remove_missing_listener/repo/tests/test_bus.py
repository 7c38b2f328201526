from bus import Bus


def test_publish():
    seen = []
    bus = Bus()
    bus.subscribe(seen.append)
    bus.publish("a")
    assert seen == ["a"]


def test_unsubscribe():
    seen = []
    bus = Bus()
    listener = seen.append
    bus.subscribe(listener)
    bus.unsubscribe(listener)
    bus.publish("a")
    assert seen == []
