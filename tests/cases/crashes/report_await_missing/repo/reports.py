import asyncio


class Store:
    def __init__(self, rows):
        self.rows = rows

    async def fetch(self, kind):
        await asyncio.sleep(0)
        return [row for row in self.rows if row["kind"] == kind]


async def build_report(store, kinds):
    """Number of rows by kind."""
    report = {}
    for kind in kinds:
        rows = await store.fetch(kind)
        report[kind] = len(rows)
    return report


async def newest(store, kind):
    """The last row of a kind; None when there is none."""
    rows = store.fetch(kind)
    return rows[-1] if len(rows) > 0 else None
