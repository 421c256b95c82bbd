"""Benchmark of the review desk under load: `python -m benchmarks.desk`."""
