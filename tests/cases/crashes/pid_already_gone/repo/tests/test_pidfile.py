from pidfile import cleanup, read_pid, write_pid


def test_write_read_cleanup(tmp_path):
    path = tmp_path / "app.pid"
    write_pid(path, 42)
    assert read_pid(path) == 42
    cleanup(path)
    assert not path.exists()
