from backoff import pause_for


def test_pause_doubles():
    assert pause_for(1) == 0.5
    assert pause_for(3) == 2.0


def test_pause_is_capped():
    assert pause_for(20) == 30.0
