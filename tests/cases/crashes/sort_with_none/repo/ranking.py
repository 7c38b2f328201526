from dataclasses import dataclass


@dataclass
class Node:
    name: str
    load: float | None = None
    """None until the node has reported."""


def busiest(nodes: list[Node]) -> list[str]:
    """Names, highest load first; nodes that have not reported count as idle."""
    return [node.name for node in sorted(nodes, key=lambda node: -node.load)]
