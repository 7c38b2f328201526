from metrics.latency import average, percentile, summary


def test_average():
    assert average([1.0, 3.0]) == 2.0


def test_percentile_of_empty_window():
    assert percentile([], 0.5) == 0.0


def test_summary():
    assert summary([2.0]) == {"avg": 2.0, "p95": 2.0}
