class NoNode(Exception):
    """No node of the cluster could be reached."""


def connect_any(nodes, connect):
    """A connection to the first node that can be reached; raises NoNode when none can."""
    for node in nodes:
        try:
            return connect(node)
        except TimeoutError:
            continue
    raise NoNode(", ".join(nodes))
