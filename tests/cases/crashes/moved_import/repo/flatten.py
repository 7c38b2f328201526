"""Flattening nested settings for the diff view."""


def flatten(tree, prefix=""):
    """Dotted key to leaf value, for any kind of mapping."""
    flat = {}
    for key, value in tree.items():
        name = f"{prefix}{key}"
        if is_mapping(value):
            flat.update(flatten(value, name + "."))
        else:
            flat[name] = value
    return flat


def is_mapping(value):
    from collections import Mapping

    return isinstance(value, Mapping)
