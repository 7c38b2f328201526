from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Job:
    name: str
    waiting_s: int = 0


def longest_wait(jobs: list[Job]) -> int:
    """Seconds that the longest waiting job waits; 0 when the queue is empty."""
    return max(job.waiting_s for job in jobs)


def is_stuck(jobs: list[Job], limit_s: int = 300) -> bool:
    return longest_wait(jobs) > limit_s
