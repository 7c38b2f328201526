def deltas(samples):
    """Differences between neighbouring samples; one fewer than there are samples."""
    result = []
    for i in range(len(samples)):
        result.append(samples[i + 1] - samples[i])
    return result


def is_rising(samples):
    return all(delta > 0 for delta in deltas(samples))
