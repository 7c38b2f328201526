from work_queue import WorkQueue


def test_drain():
    queue = WorkQueue()
    assert queue.take() is None
    queue.put(1)
    queue.put(2)
    assert queue.drain() == [1, 2]
