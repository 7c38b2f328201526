"""Sensor dumps: one reading a line, `time;sensor;value`. Incomplete lines are ignored."""


def read_dump(text):
    """Last value by sensor."""
    values = {}
    for line in text.splitlines():
        fields = line.split(";")
        values[fields[1]] = float(fields[2])
    return values


def hottest(text):
    values = read_dump(text)
    return max(values, key=values.get) if values else None
