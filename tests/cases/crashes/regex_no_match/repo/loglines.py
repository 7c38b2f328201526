import re

_LINE = re.compile(r"^(?P<ip>\S+) \S+ \S+ \[(?P<time>[^\]]+)\] \"(?P<request>[^\"]*)\" (?P<status>\d{3})")


def parse_line(line):
    """Fields of an access log line; None for other lines."""
    match = _LINE.match(line)
    return {"ip": match.group("ip"), "status": int(match.group("status"))}


def errors(lines):
    """Addresses that got a 5xx."""
    parsed = (parse_line(line) for line in lines)
    return [entry["ip"] for entry in parsed if entry is not None and entry["status"] >= 500]
