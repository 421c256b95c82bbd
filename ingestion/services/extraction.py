"""Extraction of a document's schema and fields from the pages of one of its runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingestion.contracts import RunRef
from ingestion.domain.extraction import extract_fields
from ingestion.domain.extraction.classification import classify
from ingestion.domain.formats.registry import MAILS
from ingestion.domain.layout.text_rows import DocumentRows, build_document_rows
from ingestion.domain.ports import FieldConfidenceModel
from ingestion.domain.schemas.fields import ExtractedField, SchemaSpec
from ingestion.models import Document
from ingestion.selectors.run_contents import load_pages
from ingestion.selectors.stored_readings import find_schema_spec, schema_specs
from ingestion.services.einvoice_fields import INVOICE_SCHEMA_KEY, EInvoiceFacts, apply_einvoice, load_einvoice_facts
from refinery.core.types import TenantId

MAIL_CONFIDENCE_FROM = 0.9


@dataclass(frozen=True, slots=True)
class DocumentFields:
    """A run's pages as rows of text, its schema with the confidence in it, and the extracted fields."""

    doc: DocumentRows
    schema: SchemaSpec | None
    schema_confidence: float | None
    fields: tuple[ExtractedField, ...]
    einvoice: EInvoiceFacts


def extract_document_fields(
    ref: RunRef, document: Document, today: date, model: FieldConfidenceModel, *, keep_schema: bool = False
) -> DocumentFields:
    """Extract the fields of a run's pages; needs an open tenant scope, writes nothing.

    `keep_schema` keeps the document's schema, because human values belong to its fields.
    """
    doc = build_document_rows(load_pages(ref))
    einvoice = load_einvoice_facts(ref)
    schema, confidence = _current_schema(document) if keep_schema else (None, None)
    if schema is None:
        schema, confidence = choose_schema(document, doc, proven_key=INVOICE_SCHEMA_KEY if einvoice.invoice else "")
    fields = extract_fields(doc, schema, today=today) if schema else ()
    fields = model.with_confidence(fields, schema.key if schema else "")
    fields, einvoice = apply_einvoice(einvoice, doc, schema, fields, today)
    return DocumentFields(doc, schema, confidence, fields, einvoice)


def choose_schema(
    document: Document, doc: DocumentRows, *, proven_key: str = ""
) -> tuple[SchemaSpec | None, float | None]:
    """Return the schema that the upload names, else the most likely one, with the confidence in the choice.

    `proven_key` is the schema that the file itself proves (an e-invoice), "" for none. A mail mentions invoices
    more often than it is one, so it needs more evidence.
    """
    tenant_id = TenantId(document.tenant_id)
    if document.schema_given:
        return find_schema_spec(tenant_id, document.schema_key), None
    specs = {spec.key: spec for spec in schema_specs(tenant_id)}
    if proven_key in specs:
        return specs[proven_key], 1.0
    found = classify(doc, tuple(specs.values()))
    if document.media_type in MAILS and found.confidence < MAIL_CONFIDENCE_FROM:
        return None, found.confidence
    return specs.get(found.key), found.confidence


def _current_schema(document: Document) -> tuple[SchemaSpec | None, float | None]:
    schema = find_schema_spec(TenantId(document.tenant_id), document.schema_key)
    return schema, document.schema_confidence if schema else None


def fields_as_json(fields: Sequence[ExtractedField]) -> list[dict[str, object]]:
    """Return fields as JSON, without what only quality checks need."""
    return [
        {
            "name": field.name,
            "value": field.value,
            "normalized": field.normalized,
            "confidence": round(field.confidence, 4),
            "page": field.page,
            "bbox": field.bbox.as_list() if field.bbox else None,
        }
        for field in fields
    ]
