"""Fit the confidences of readings on real pages with known truth."""
