class Gauge:
    def __init__(self, value=0):
        self._value = value

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, new):
        if new < 0:
            raise ValueError("a gauge is never negative")
        self.value = new

    def add(self, amount):
        self.value = self._value + amount
        return self
