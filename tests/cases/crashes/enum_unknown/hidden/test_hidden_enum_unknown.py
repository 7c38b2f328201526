from tickets_api.status import Status, open_count, parse_status


def test_unknown():
    assert parse_status("paused") is Status.UNKNOWN
    assert open_count([{"status": "paused"}, {"status": "open"}]) == 1
