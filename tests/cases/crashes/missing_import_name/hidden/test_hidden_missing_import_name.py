from backoff import pause_for, wait


def test_jitter():
    assert 0.25 <= pause_for(1, jitter=True) <= 0.5


def test_wait():
    seen = []
    wait(2, seen.append)
    assert 0.5 <= seen[0] <= 1.0
