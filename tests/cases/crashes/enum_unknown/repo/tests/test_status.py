from tickets_api.status import Status, open_count, parse_status


def test_parse_status():
    assert parse_status(" Open") is Status.OPEN


def test_open_count():
    assert open_count([{"status": "open"}, {"status": "done"}]) == 1
