from collections.abc import Iterable, Iterator


def upstream_seconds(lines: Iterable[str]) -> Iterator[tuple[str, float]]:
    """Path and upstream time of each request, from lines of `METHOD PATH STATUS SECONDS`.

    Requests that never reached an upstream, such as those answered from the cache, are left out.
    """
    for line in lines:
        _method, path, _status, seconds = line.split()
        yield path, float(seconds)


def slowest(lines: Iterable[str]) -> str | None:
    ranked = sorted(upstream_seconds(lines), key=lambda pair: pair[1], reverse=True)
    return ranked[0][0] if ranked else None
