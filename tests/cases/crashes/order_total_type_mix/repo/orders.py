def order_total(items):
    """Sum of price times quantity in cents."""
    total = 0
    for item in items:
        total += item["price_cents"] * item["quantity"]
    return total


def receipt(order):
    """Text that is printed at the till."""
    lines = []
    for item in order["items"]:
        lines.append(item["name"] + " x" + str(item["quantity"]))
    lines.append("Total: " + str(order_total(order["items"])))
    if order.get("table"):
        lines.append("Table " + order["table"])
    return "\n".join(lines)
