"""The few calls of the partner API that the sync needs."""


class PartnerError(Exception):
    pass


class Client:
    def __init__(self, transport, tokens):
        self._transport = transport
        self._tokens = tokens

    def orders(self, since):
        headers = {"Authorization": "Bearer " + self._tokens.current().value}
        status, body = self._transport("GET", "/v1/orders", {"since": since}, headers)
        if status != 200:
            raise PartnerError(f"GET /v1/orders -> {status} {body.get('error', '')}")
        return body["orders"]
