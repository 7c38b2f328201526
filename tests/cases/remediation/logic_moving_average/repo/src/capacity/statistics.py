"""Small statistics over daily samples."""


def moving_average(samples, window):
    """The mean of the last `window` samples at each day from the first full window on."""
    if window < 1:
        raise ValueError("window must be at least 1")
    averages = []
    for end in range(window, len(samples)):
        averages.append(sum(samples[end - window : end]) / window)
    return averages


def peak(samples):
    """The highest sample and its day, the earliest one of equals."""
    best = 0
    for day, sample in enumerate(samples):
        if sample > samples[best]:
            best = day
    return samples[best], best
