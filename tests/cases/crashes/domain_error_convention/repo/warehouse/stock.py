from warehouse.errors import UnknownBin, UnknownSku


class Stock:
    def __init__(self):
        self._levels = {}
        self._bins = {}

    def receive(self, sku, quantity, bin_id):
        self._levels[sku] = self._levels.get(sku, 0) + quantity
        self._bins[sku] = bin_id

    def level(self, sku):
        """Pieces on hand; raises UnknownSku."""
        if sku not in self._levels:
            raise UnknownSku(sku)
        return self._levels[sku]

    def bin_of(self, sku):
        """Where the goods lie."""
        return self._bins[sku]

    def take(self, sku, quantity):
        if sku not in self._levels:
            raise UnknownSku(sku)
        self._levels[sku] -= quantity
