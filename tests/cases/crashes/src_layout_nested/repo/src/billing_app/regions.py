REGIONS = [
    {"name": "eu", "countries": {"DE", "FR", "NL"}, "vat": 0.2},
    {"name": "uk", "countries": {"GB"}, "vat": 0.2},
]


def region_of(country: str) -> dict | None:
    """The tax region of a country; None outside of all."""
    for region in REGIONS:
        if country in region["countries"]:
            return region
    return None
