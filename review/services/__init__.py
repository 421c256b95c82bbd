"""Use cases of review: one verb a file."""
