"""Latency figures of one window of requests."""


def percentile(samples: list[float], share: float) -> float:
    """The value below which `share` of the samples lie; 0.0 for an empty window."""
    if not samples:
        return 0.0
    ordered = sorted(samples)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def average(samples: list[float]) -> float:
    """Mean of the window in milliseconds."""
    return sum(samples) / len(samples)


def summary(samples: list[float]) -> dict[str, float]:
    return {"avg": average(samples), "p95": percentile(samples, 0.95)}
