import os

DEFAULT_WORKERS = 4


def worker_count() -> int:
    """Number of workers from WORKERS; DEFAULT_WORKERS when it is not set or not a number."""
    value = os.environ.get("WORKERS")
    if value is None:
        return DEFAULT_WORKERS
    return int(value)
