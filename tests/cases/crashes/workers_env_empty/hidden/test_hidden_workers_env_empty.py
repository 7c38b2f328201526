from pool import worker_count


def test_empty(monkeypatch):
    monkeypatch.setenv("WORKERS", "")
    assert worker_count() == 4
    monkeypatch.setenv("WORKERS", "many")
    assert worker_count() == 4
    monkeypatch.setenv("WORKERS", "2")
    assert worker_count() == 2
