"""Careful reading of a payload whose shape is promised but not certain."""

from __future__ import annotations

from collections.abc import Iterator

from tasks.context.display import neutralised, one_line
from tasks.errors import IncidentError

_NAMES: dict[type, str] = {
    dict: "an object",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
}


class Node:
    """A value of the payload together with its path, which messages name. What is missing reads as empty."""

    def __init__(self, value: object, path: str) -> None:
        self.value = value
        self.path = path

    def __bool__(self) -> bool:
        return bool(self.value)

    def at(self, *keys: str) -> Node:
        """The value below `keys`. Raises IncidentError when something on the way is no object."""
        node = self
        for key in keys:
            node = Node(node.mapping().get(key), f"{node.path}.{key}")
        return node

    def first(self, *paths: str) -> Node:
        """The first of `paths` (dotted) that holds something."""
        found = (self.at(*path.split(".")) for path in paths)
        return next((node for node in found if node), Node(None, self.path))

    def mapping(self) -> dict[str, object]:
        if self.value is None or self.value == []:  # PHP writes an empty object as an empty list
            return {}
        if isinstance(self.value, dict):
            return self.value
        raise self.wrong("an object")

    def fields(self) -> Iterator[tuple[str, Node]]:
        for key, value in self.mapping().items():
            yield key, Node(value, f"{self.path}.{key}")

    def items(self, first: int | None = None, last: int | None = None) -> list[Node]:
        """The members of a list; only its `first` or its `last` ones where a number is given."""
        if self.value is None:
            return []
        if not isinstance(self.value, list):
            raise self.wrong("a list")
        skipped = max(0, len(self.value) - last) if last is not None else 0
        members = self.value[skipped:first]
        return [Node(item, f"{self.path}[{number}]") for number, item in enumerate(members, skipped)]

    def raw(self) -> str:
        """The text as sent, numbers spelled out."""
        if self.value is None:
            return ""
        if isinstance(self.value, bool):
            return str(self.value).lower()
        if isinstance(self.value, str | int | float):
            return str(self.value)
        raise self.wrong("text")

    def text(self) -> str:
        return neutralised(self.raw())

    def line(self, limit: int = 300) -> str:
        return one_line(self.raw(), limit)

    def number(self) -> int | None:
        """A whole number of at most nine digits, also when sent as text."""
        text = self.raw().strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    def wrong(self, expected: str) -> IncidentError:
        found = _NAMES.get(type(self.value), "nothing")
        return IncidentError(f"{one_line(self.path, 200)} must be {expected}, not {found}")
