"""Crash templates, one a file: each documents what it mends, with an example before and after."""
