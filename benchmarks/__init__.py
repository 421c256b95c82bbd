"""Measurements: each module measures one thing and prints it; `python -m benchmarks` keeps them in RESULTS.md."""
