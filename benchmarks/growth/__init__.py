"""Benchmark of pages and lists by the number of rows: `python -m benchmarks.growth`."""
