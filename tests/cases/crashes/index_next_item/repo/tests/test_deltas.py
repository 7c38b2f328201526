from deltas import deltas


def test_no_samples():
    assert deltas([]) == []
