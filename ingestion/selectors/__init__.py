"""Read models of ingestion."""
