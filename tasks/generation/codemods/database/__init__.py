"""Codemods for faults of the database domain, one rule a file."""
