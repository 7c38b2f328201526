from work_queue import WorkQueue


def test_first_in_first_out():
    queue = WorkQueue()
    queue.put(1)
    queue.put(2)
    assert queue.take() == 1
