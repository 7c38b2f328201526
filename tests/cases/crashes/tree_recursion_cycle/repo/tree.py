"""Categories of the shop: each knows its parent."""


class Category:
    def __init__(self, name, parent=None):
        self.name = name
        self.parent = parent


def path_of(category):
    """Names from the root down to the category."""
    if category.parent is None:
        return [category.name]
    return path_of(category.parent) + [category.name]


def depth(category):
    """How many ancestors the category has."""
    return 1 + depth(category.parent)
