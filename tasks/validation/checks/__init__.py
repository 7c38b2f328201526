"""One check a file, grouped by the level that it speaks for."""
