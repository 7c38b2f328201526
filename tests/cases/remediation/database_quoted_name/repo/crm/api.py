"""What the web front end calls."""

from crm.customers import find_by_name


def search(connection, query):
    if not query.strip():
        return []
    return [format_customer(row) for row in find_by_name(connection, query)]


def format_customer(row):
    key, name, city = row
    return {"id": key, "label": f"{name} ({city})"}
