class BatchFull(Exception):
    """A batch takes no more than its limit."""


class Batch:
    """Rows that are sent together."""

    limit = 2
    rows = []

    def add(self, row):
        if len(self.rows) >= self.limit:
            raise BatchFull(f"{len(self.rows)} rows")
        self.rows.append(row)


def batches(rows):
    """The rows, cut into batches that are as full as can be."""
    made = []
    for row in rows:
        if not made or len(made[-1].rows) == Batch.limit:
            made.append(Batch())
        made[-1].add(row)
    return made
