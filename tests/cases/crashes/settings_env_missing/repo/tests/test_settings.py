from settings import load_settings


def test_load_settings(monkeypatch):
    monkeypatch.setenv("APP_HOST", "0.0.0.0")
    monkeypatch.setenv("APP_LOG_LEVEL", "debug")
    settings = load_settings()
    assert settings.port == 8080
    assert settings.log_level == "DEBUG"
