from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Lease:
    holder: str
    until: datetime

    @classmethod
    def from_record(cls, record):
        """A lease from its stored form. Older records wrote times in UTC without an offset."""
        return cls(record["holder"], datetime.fromisoformat(record["until"]))

    def is_held(self, now: datetime) -> bool:
        return now < self.until
