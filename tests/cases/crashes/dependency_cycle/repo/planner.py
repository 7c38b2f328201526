"""Order in which services start."""


def requirements(service: str, graph: dict[str, list[str]]) -> list[str]:
    """Everything that the service needs, directly or not, each once; cycles do not matter."""
    needed: list[str] = []
    for other in graph.get(service, []):
        if other not in needed:
            needed.append(other)
        for deeper in requirements(other, graph):
            if deeper not in needed:
                needed.append(deeper)
    return needed
