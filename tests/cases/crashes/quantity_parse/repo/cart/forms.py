"""Reading the cart form; values come as the browser sent them."""


def parse_price(text: str) -> float | None:
    """Price typed by a merchant; None when it is no number."""
    try:
        return float(text)
    except ValueError:
        return None


def parse_quantity(text: str) -> int | None:
    """Whole number of pieces."""
    return int(text)


def read_line(form: dict[str, str]) -> dict:
    return {
        "sku": form["sku"],
        "quantity": parse_quantity(form.get("quantity", "1")),
        "price": parse_price(form.get("price", "")),
    }
