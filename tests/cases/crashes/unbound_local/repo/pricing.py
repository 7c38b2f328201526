RATES = {"standard": 0.2, "reduced": 0.07, "zero": 0.0}


def tax_rate(country, category):
    """Rate for the goods; the standard rate when the country has no special rule."""
    if country == "DE":
        if category in ("book", "food"):
            rate = RATES["reduced"]
        elif category == "export":
            rate = RATES["zero"]
        else:
            rate = RATES["standard"]
    elif country == "GB" and category == "book":
        rate = RATES["zero"]
    return rate


def gross(net, country, category="other"):
    return round(net * (1 + tax_rate(country, category)), 2)
