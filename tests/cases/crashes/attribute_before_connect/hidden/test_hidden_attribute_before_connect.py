from connector import Connector


class Link:
    closed = False

    def close(self):
        self.closed = True


def test_close_before_connect():
    Connector(Link).close()


def test_close_twice():
    connector = Connector(Link)
    link = connector.connect()
    connector.close()
    connector.close()
    assert link.closed
