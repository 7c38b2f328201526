"""Quota lines as the storage appliance prints them, e.g. `home 81%`."""


def parse_quota(line: str) -> tuple[str, int]:
    """Volume and percent used; the percent sign is optional."""
    name, used = line.split()
    return name, int(used)


def full_volumes(lines: list[str], limit: int = 90) -> list[str]:
    return [name for name, used in map(parse_quota, lines) if used >= limit]
