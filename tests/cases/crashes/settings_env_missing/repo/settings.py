import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    host: str
    port: int
    log_level: str


def load_settings() -> Settings:
    """Settings from the environment; everything but the host has a default."""
    return Settings(
        host=os.environ["APP_HOST"],
        port=int(os.environ.get("APP_PORT", "8080")),
        log_level=os.environ["APP_LOG_LEVEL"].upper(),
    )
