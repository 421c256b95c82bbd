"""Registry of field types."""
