"""Synthetic documents with their exact ground truth, generated from a seed, without any real data."""
