from metrics.latency import average, summary


def test_empty_window_averages_zero():
    assert average([]) == 0.0


def test_summary_of_empty_window():
    assert summary([]) == {"avg": 0.0, "p95": 0.0}


def test_average_still_divides():
    assert average([1.0, 2.0]) == 1.5
