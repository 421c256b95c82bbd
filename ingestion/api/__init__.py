"""REST endpoints of ingestion."""
