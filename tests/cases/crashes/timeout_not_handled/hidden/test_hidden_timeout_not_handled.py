from health import Probe, down


def hang(address, timeout):
    raise TimeoutError("timed out")


def refuse(address, timeout):
    raise ConnectionRefusedError(111, "Connection refused")


def test_timeout_means_down():
    assert Probe(hang).is_up("db", 5432) is False
    assert down(Probe(hang), [("db", 1)]) == ["db"]
    assert Probe(refuse).is_up("db", 1) is False
