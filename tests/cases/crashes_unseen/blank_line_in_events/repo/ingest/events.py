import json


def events(lines):
    """The events of a stream of JSON lines, in which blank lines keep the connection open."""
    for line in lines:
        event = json.loads(line)
        yield event["type"], event.get("data")


def count(lines, kind):
    return sum(1 for found, _ in events(lines) if found == kind)
