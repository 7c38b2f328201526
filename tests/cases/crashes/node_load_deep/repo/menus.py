"""Menus of the site, loaded from the CMS."""


def flatten(node: dict) -> list[str]:
    """Titles of the node and everything below it, depth first."""
    titles = [node["title"]]
    for child in node["children"]:
        titles.extend(flatten(child))
    return titles


def titles_of(menus: list[dict]) -> list[str]:
    return [title for menu in menus for title in flatten(menu)]
