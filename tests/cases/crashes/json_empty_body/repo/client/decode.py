"""Decoding of the inventory service's answers."""
import json


def decode(body: str) -> dict:
    """The answer as a dict. Accepted and deleted answers carry no body, which reads as an empty dict."""
    return json.loads(body)


def stock_of(body: str) -> int:
    return decode(body).get("stock", 0)
