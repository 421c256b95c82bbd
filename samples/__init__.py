"""Demonstration documents with their exact truth, made from a seed: believable pages that nobody's data is in."""
