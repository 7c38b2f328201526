class WarehouseError(Exception):
    """Base of what the API turns into a 4xx answer."""


class UnknownSku(WarehouseError):
    pass


class UnknownBin(WarehouseError):
    pass
