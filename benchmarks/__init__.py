"""Benchmarks: each module measures one thing and prints it; `python -m benchmarks` stores them in RESULTS.md."""
