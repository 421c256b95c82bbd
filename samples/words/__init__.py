"""Vocabulary of the documents: our own lists of names, places, goods and findings."""
