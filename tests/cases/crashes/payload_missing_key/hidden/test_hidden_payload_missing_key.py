import json

from webhooks import parse_event


def test_event_without_note():
    event = parse_event(json.dumps({"id": "e2", "type": "paid", "metadata": {}}))
    assert event == {"id": "e2", "kind": "paid", "customer": None, "region": "eu", "note": None}


def test_note_is_kept():
    assert parse_event(json.dumps({"id": "e", "type": "t", "metadata": {"note": "n"}}))["note"] == "n"
