from health import Probe, down


class Connection:
    def close(self):
        pass


def accept(address, timeout):
    return Connection()


def refuse(address, timeout):
    raise ConnectionRefusedError(111, "Connection refused")


def test_is_up():
    assert Probe(accept).is_up("db", 5432)


def test_refused():
    assert not Probe(refuse).is_up("db", 5432)


def test_down():
    assert down(Probe(refuse), [("db", 5432)]) == ["db"]
