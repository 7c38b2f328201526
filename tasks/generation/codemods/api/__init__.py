"""Codemods for faults of the api domain, one rule a file."""
