from jobs import Job, is_stuck, longest_wait


def test_empty_queue():
    assert longest_wait([]) == 0
    assert is_stuck([]) is False
    assert longest_wait([Job("a", 3)]) == 3
