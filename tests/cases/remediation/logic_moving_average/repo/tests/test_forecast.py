import pytest

from capacity.forecast import headroom, machines_needed
from capacity.statistics import moving_average, peak


def test_newest_day_counts():
    assert moving_average([1, 2, 3, 4], 2) == [1.5, 2.5, 3.5]


def test_window_of_one_repeats_the_samples():
    assert moving_average([5, 6], 1) == [5, 6]


def test_window_as_long_as_the_samples():
    assert moving_average([1, 2, 3], 3) == [2]


def test_window_must_be_positive():
    with pytest.raises(ValueError, match="at least 1"):
        moving_average([1], 0)


def test_peak_is_the_earliest():
    assert peak([3, 9, 9]) == (9, 1)


def test_machines_follow_the_newest_load():
    assert machines_needed([10, 10, 10, 40], per_machine=10) == 2


def test_headroom():
    assert headroom([10, 30], machines=4, per_machine=10) == pytest.approx(0.25)
