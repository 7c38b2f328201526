"""Codemods for faults of the security domain, one rule a file."""
