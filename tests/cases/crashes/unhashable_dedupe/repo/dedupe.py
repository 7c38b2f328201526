def unique(values):
    """Values in first-seen order, each once; values may be any JSON."""
    seen = set()
    result = []
    for value in values:
        if value not in seen:
            seen.add(value)
            result.append(value)
    return result


def unique_tags(items):
    return unique([tag for item in items for tag in item.get("tags", [])])
