"""Schemas: the built-in kinds of documents, and those of tenants."""

from ingestion.domain.schemas.built_in_schemas import (
    BUILT_IN_SCHEMAS,
    DISCHARGE_LETTER,
    IDENTITY_DOCUMENT,
    INVOICE,
    LAB_REPORT,
    RECEIPT,
    built_in_schema,
)
from ingestion.domain.schemas.tenant_schemas import InvalidSchema, schema_from_json, schema_to_json

__all__ = [
    "BUILT_IN_SCHEMAS",
    "DISCHARGE_LETTER",
    "IDENTITY_DOCUMENT",
    "INVOICE",
    "LAB_REPORT",
    "RECEIPT",
    "InvalidSchema",
    "built_in_schema",
    "schema_from_json",
    "schema_to_json",
]
