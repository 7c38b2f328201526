"""Pauses between attempts."""
import time


def pause_for(attempt, base_s=0.5, cap_s=30.0, jitter=False):
    """Seconds to wait before the given attempt (from 1)."""
    pause = min(cap_s, base_s * 2 ** (attempt - 1))
    if jitter:
        pause *= random.uniform(0.5, 1.0)
    return pause


def wait(attempt, sleep=time.sleep):
    sleep(pause_for(attempt, jitter=True))
