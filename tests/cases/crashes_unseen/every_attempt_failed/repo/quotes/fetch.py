import logging

log = logging.getLogger("quotes")


def fetch_quote(source, symbol, attempts=3):
    """The price of a share, or None when no attempt got an answer."""
    for attempt in range(1, attempts + 1):
        try:
            answer = source(symbol)
        except TimeoutError:
            log.warning("attempt %d for %s timed out", attempt, symbol)
        else:
            break
    return answer["price"]
