from bus import Bus


def test_unsubscribe_twice():
    bus, seen = Bus(), []
    listener, other = seen.append, print
    bus.subscribe(listener)
    bus.unsubscribe(other)
    bus.publish(1)
    bus.unsubscribe(listener)
    bus.unsubscribe(listener)
    bus.publish(2)
    assert seen == [1]
