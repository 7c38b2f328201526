class Formatter:
    def __init__(self, unit="ms"):
        self.unit = unit

    def duration(self, value):
        return f"{self.round(value)} {self.unit}"

    def round(value):
        return round(value, 1)

    def label(self, name):
        return name.replace("_", " ")
