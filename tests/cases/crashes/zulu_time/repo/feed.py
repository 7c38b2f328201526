import datetime as dt


def published_at(entry):
    """Time of publication, or None when the entry does not say."""
    text = entry.get("published")
    if text is None:
        return None
    return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S")


def newest(entries):
    times = [published_at(entry) for entry in entries]
    return max((time for time in times if time is not None), default=None)
