import json


def parse_event(body: str) -> dict:
    """The event of a provider's call, flattened to what the queue stores."""
    data = json.loads(body)
    return {
        "id": data["id"],
        "kind": data["type"],
        "customer": data.get("customer"),
        "region": data.get("region", "eu"),
        "note": data["metadata"]["note"],
    }


def queue_name(event: dict) -> str:
    return f"{event['region']}.{event['kind']}"
