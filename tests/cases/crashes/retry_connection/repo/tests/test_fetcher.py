from fetcher import FeedClient


class Transport:
    def __init__(self, *answers):
        self.answers = list(answers)

    def get(self, path):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_latest_tries_again():
    client = FeedClient(Transport(ConnectionResetError(104, "Connection reset by peer"), "1.08"))
    assert client.latest("USD") == 1.08


def test_history():
    assert FeedClient(Transport("1.05")).history("USD", "2026-01-02") == 1.05
