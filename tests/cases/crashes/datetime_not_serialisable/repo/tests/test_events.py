from events import Event, to_json


def test_to_json():
    assert to_json(Event("start")) == '{"name": "start", "at": null}'
