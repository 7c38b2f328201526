"""How many machines are needed tomorrow."""

import math

from capacity.statistics import moving_average, peak


def machines_needed(samples, per_machine, window=3):
    """Machines for the newest average load, never fewer than one."""
    average = moving_average(samples, window)[-1]
    return max(1, math.ceil(average / per_machine))


def headroom(samples, machines, per_machine):
    """Share of the capacity that the highest load left free."""
    return 1 - peak(samples)[0] / (machines * per_machine)
