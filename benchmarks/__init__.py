"""Each claim of speed, accuracy or scale, with the command that repeats it: `python -m benchmarks.NAME`."""
