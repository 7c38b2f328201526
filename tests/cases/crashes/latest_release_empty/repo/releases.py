def parse_version(tag: str) -> tuple[int, ...]:
    return tuple(int(part) for part in tag.lstrip("v").split("."))


def latest(tags: list[str]) -> str | None:
    """The highest version of `tags`; None when the project has no release."""
    ordered = sorted(tags, key=parse_version)
    return ordered[-1]


def is_newer(tag: str, tags: list[str]) -> bool:
    newest = latest(tags)
    return newest is None or parse_version(tag) > parse_version(newest)
