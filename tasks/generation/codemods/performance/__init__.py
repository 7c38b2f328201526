"""Codemods for faults of the performance domain, one rule a file."""
