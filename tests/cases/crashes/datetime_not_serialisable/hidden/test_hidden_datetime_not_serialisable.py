import json
from datetime import datetime

from events import Event, to_json


def test_time_is_written():
    document = json.loads(to_json(Event("start", datetime(2026, 11, 8, 9, 30))))
    assert document["name"] == "start"
    assert datetime.fromisoformat(document["at"]) == datetime(2026, 11, 8, 9, 30)
