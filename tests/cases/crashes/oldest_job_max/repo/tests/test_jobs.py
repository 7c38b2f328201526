from jobs import Job, is_stuck, longest_wait


def test_longest_wait():
    assert longest_wait([Job("a", 5), Job("b", 9)]) == 9


def test_is_stuck():
    assert is_stuck([Job("a", 301)])
