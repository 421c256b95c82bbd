"""The kinds of documents that Refinery knows by itself, and how tenants write their own."""

from ingestion.domain.schemas.business import INVOICE, RECEIPT
from ingestion.domain.schemas.fields import SchemaSpec
from ingestion.domain.schemas.identity import IDENTITY_DOCUMENT
from ingestion.domain.schemas.medical import DISCHARGE_LETTER, LAB_REPORT
from ingestion.domain.schemas.tenant_schemas import InvalidSchema, from_json, to_json

__all__ = [
    "BUILT_IN",
    "DISCHARGE_LETTER",
    "IDENTITY_DOCUMENT",
    "INVOICE",
    "LAB_REPORT",
    "RECEIPT",
    "InvalidSchema",
    "built_in",
    "from_json",
    "to_json",
]

BUILT_IN: tuple[SchemaSpec, ...] = (INVOICE, RECEIPT, LAB_REPORT, DISCHARGE_LETTER, IDENTITY_DOCUMENT)


def built_in(key: str) -> SchemaSpec:
    """Give the built-in schema called `key`; raises KeyError when there is none."""
    for schema in BUILT_IN:
        if schema.key == key:
            return schema
    raise KeyError(key)
