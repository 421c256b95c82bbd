"""The review desk under load: `python -m benchmarks.desk`."""
