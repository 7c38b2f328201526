"""Imports bank statements; broken rows are skipped and counted."""
import csv
import io
import logging

logger = logging.getLogger(__name__)


def read_rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def import_statement(text):
    """Amounts in cents by booking id, and the number of rows skipped."""
    amounts = {}
    skipped = 0
    for row in read_rows(text):
        if not row["id"]:
            logger.warning("row without id skipped")
            skipped += 1
            continue
        amount = float(row["amount"])
        amounts[row["id"]] = round(amount * 100)
    return amounts, skipped
