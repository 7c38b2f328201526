from connector import Connector


class Link:
    closed = False

    def close(self):
        self.closed = True


def test_close():
    connector = Connector(Link)
    link = connector.connect()
    connector.close()
    assert link.closed
