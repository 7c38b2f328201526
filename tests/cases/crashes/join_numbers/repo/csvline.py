def csv_line(values: list) -> str:
    """One line of the export, fields separated by semicolons."""
    return ";".join(values)


def export(rows: list[list]) -> str:
    return "\n".join(csv_line(row) for row in rows) + "\n"
