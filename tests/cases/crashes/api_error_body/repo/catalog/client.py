class ApiError(Exception):
    """The catalog answered, but not with what was asked for."""


class CatalogClient:
    def __init__(self, session):
        self.session = session

    def product(self, sku):
        """The product as a dict; raises ApiError when the catalog reports an error."""
        answer = self.session.get_json(f"/products/{sku}")
        if "error" in answer:
            raise ApiError(answer["error"])
        return answer["data"]

    def stock(self, sku):
        """Pieces on hand; raises ApiError when the catalog reports an error."""
        answer = self.session.get_json(f"/stock/{sku}")
        return answer["data"]["quantity"]
