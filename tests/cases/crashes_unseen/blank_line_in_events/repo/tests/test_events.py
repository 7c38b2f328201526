from ingest.events import count, events


def test_events():
    assert list(events(['{"type": "start"}\n', '{"type": "step", "data": 3}\n'])) == [("start", None), ("step", 3)]


def test_count():
    assert count(['{"type": "step"}'] * 3, "step") == 3
