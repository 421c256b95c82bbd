"""Use cases of ingestion: one verb a file."""
