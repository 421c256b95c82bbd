"""Models of ingestion on the admin site; Django finds this module by its name."""

from ingestion.admin import document_pages, schema_pages

__all__ = ["document_pages", "schema_pages"]
