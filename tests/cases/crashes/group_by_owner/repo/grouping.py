from dataclasses import dataclass


@dataclass
class Host:
    name: str
    owner: str | None = None


def by_owner(hosts: list[Host]) -> dict[str, list[str]]:
    """Host names by owner; hosts nobody owns go under "unowned"."""
    groups = {"unowned": []}
    for host in hosts:
        owner = host.owner or "unowned"
        groups[owner].append(host.name)
    return groups
