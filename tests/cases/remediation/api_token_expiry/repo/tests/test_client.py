import pytest
from partner_sync.client import Client, PartnerError
from partner_sync.tokens import Token, TokenStore


class Partner:
    """Accepts the tokens it gave out for an hour each."""

    def __init__(self):
        self.now = 0.0
        self.issued = 0

    def clock(self):
        return self.now

    def fetch(self):
        self.issued += 1
        return Token(f"t{self.issued}", self.now + 3600)

    def transport(self, method, path, query, headers):
        if headers.get("Authorization") != f"Bearer t{self.issued}":
            return 401, {"error": "token_unknown"}
        if self.now >= self.issued * 3600:
            return 401, {"error": "token_expired"}
        return 200, {"orders": [{"id": 1}]}


@pytest.fixture
def partner():
    return Partner()


@pytest.fixture
def client(partner):
    return Client(partner.transport, TokenStore(partner.fetch, partner.clock))


def test_lists_orders(client):
    assert client.orders("2026-10-01") == [{"id": 1}]


def test_refreshes_an_expired_token(client, partner):
    client.orders("2026-10-01")
    partner.now = 3600.0
    assert client.orders("2026-10-01") == [{"id": 1}]


def test_reports_a_refusal(partner):
    client = Client(partner.transport, TokenStore(lambda: Token("stolen", 1e9), partner.clock))
    with pytest.raises(PartnerError, match="401"):
        client.orders("2026-10-01")


def test_keeps_a_fresh_token(client, partner):
    client.orders("2026-10-01")
    partner.now = 1800.0
    client.orders("2026-10-01")
    assert partner.issued == 1


def test_refreshes_just_before_the_end(client, partner):
    client.orders("2026-10-01")
    partner.now = 3570.0
    client.orders("2026-10-01")
    assert partner.issued == 2


def test_token_says_when_it_is_too_old():
    token = Token("t", expires_at=1000.0)
    assert not token.is_expired(969.0)
    assert token.is_expired(970.0)
    assert token.is_expired(2000.0)
