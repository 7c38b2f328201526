import csv
import io


def read_usage(text):
    return list(csv.DictReader(io.StringIO(text)))


def total_bytes(rows):
    """Sum of the bytes column."""
    total = 0
    for row in rows:
        total += row["bytes"]
    return total


def over_quota(rows, quota):
    return total_bytes(rows) > quota
