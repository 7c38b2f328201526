from collections.abc import Iterable, Iterator


def deltas(readings: Iterable[int]) -> Iterator[int]:
    """What was used between each reading and the next."""
    source = iter(readings)
    previous = next(source)
    for reading in source:
        yield reading - previous
        previous = reading


def usage(readings: Iterable[int]) -> int:
    return sum(deltas(readings))
