from deltas import deltas, is_rising


def test_deltas():
    assert deltas([1, 4, 2]) == [3, -2]
    assert deltas([5]) == []
    assert is_rising([1, 2, 3]) is True
