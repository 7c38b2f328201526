from pool import worker_count


def test_worker_count(monkeypatch):
    monkeypatch.setenv("WORKERS", "9")
    assert worker_count() == 9


def test_default(monkeypatch):
    monkeypatch.delenv("WORKERS", raising=False)
    assert worker_count() == 4
