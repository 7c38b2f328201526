def to_selector(labels):
    """Labels as `a=1,b=2`, in order of name."""
    return ",".join(f"{key}={value}" for key, value in sorted(labels))


def matches(labels, wanted):
    return all(labels.get(key) == value for key, value in wanted.items())
