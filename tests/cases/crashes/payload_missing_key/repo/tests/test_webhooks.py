import json

from webhooks import parse_event, queue_name


def test_parse_event_flattens():
    body = json.dumps({"id": "e1", "type": "paid", "customer": "c9", "metadata": {"note": "gift"}})
    assert parse_event(body) == {"id": "e1", "kind": "paid", "customer": "c9", "region": "eu", "note": "gift"}


def test_queue_name():
    assert queue_name({"region": "us", "kind": "paid"}) == "us.paid"
