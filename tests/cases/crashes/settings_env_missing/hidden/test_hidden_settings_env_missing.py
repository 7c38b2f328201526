import pytest
from settings import load_settings


def test_log_level_has_a_default(monkeypatch):
    monkeypatch.setenv("APP_HOST", "h")
    monkeypatch.delenv("APP_LOG_LEVEL", raising=False)
    settings = load_settings()
    assert settings.host == "h"
    assert isinstance(settings.log_level, str)


def test_level_is_upper_case(monkeypatch):
    monkeypatch.setenv("APP_HOST", "h")
    monkeypatch.setenv("APP_LOG_LEVEL", "info")
    assert load_settings().log_level == "INFO"


def test_host_is_still_required(monkeypatch):
    monkeypatch.delenv("APP_HOST", raising=False)
    with pytest.raises(KeyError):
        load_settings()
