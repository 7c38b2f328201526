def city_of(order: dict) -> str:
    """City the order goes to; empty when it has no address (digital goods)."""
    return order.get("address").get("city", "")


def label(order: dict) -> str:
    return f"{order['name']} {city_of(order)}".strip()
