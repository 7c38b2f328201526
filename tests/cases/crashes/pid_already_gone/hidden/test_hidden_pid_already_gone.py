from pidfile import cleanup, write_pid


def test_cleanup_twice(tmp_path):
    path = tmp_path / "app.pid"
    write_pid(path, 1)
    cleanup(path)
    cleanup(path)
    assert not path.exists()
