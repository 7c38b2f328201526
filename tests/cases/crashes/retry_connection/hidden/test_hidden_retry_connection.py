import pytest
from fetcher import FeedClient


class Transport:
    def __init__(self, *answers):
        self.answers = list(answers)
        self.calls = 0

    def get(self, path):
        self.calls += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_history_tries_again():
    assert FeedClient(Transport(ConnectionResetError(), "1.05")).history("USD", "d") == 1.05


def test_history_gives_up():
    transport = Transport(ConnectionResetError())
    with pytest.raises(ConnectionError):
        FeedClient(transport).history("USD", "d")
    assert transport.calls <= 5
