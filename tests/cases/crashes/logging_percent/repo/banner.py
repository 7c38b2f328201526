def progress(done, total):
    """Text such as `3 of 4 (75%)`."""
    return "%d of %d (%d%%)" % (done, total, 100 * done / total)


def banner(items):
    """One line for the status page; 0 of 0 counts as 100 percent."""
    done = sum(1 for item in items if item["done"])
    return progress(done, len(items))
