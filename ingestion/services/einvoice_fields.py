"""Extraction of fields from a document's e-invoice, and comparison of the e-invoice with the pages."""

from dataclasses import dataclass, replace
from datetime import date

from ingestion.contracts import RunRef
from ingestion.domain.einvoice.mapping import EInvoiceComparison, map_einvoice
from ingestion.domain.einvoice.model import EInvoice
from ingestion.domain.einvoice.official_rules import RuleReport
from ingestion.domain.extraction import extract_fields
from ingestion.domain.layout.text_rows import DocumentRows
from ingestion.domain.schemas.fields import ExtractedField, SchemaSpec
from ingestion.selectors.stored_readings import einvoice_of

INVOICE_SCHEMA_KEY = "invoice"


@dataclass(frozen=True, slots=True)
class EInvoiceFacts:
    """E-invoice of a document with the report on its XML and its comparison; all empty for a document without one."""

    invoice: EInvoice | None = None
    fault: str = ""
    report: RuleReport | None = None
    comparison: EInvoiceComparison | None = None


def load_einvoice_facts(ref: RunRef) -> EInvoiceFacts:
    """Return a run's e-invoice."""
    return EInvoiceFacts(*einvoice_of(ref))


def apply_einvoice(
    einvoice: EInvoiceFacts,
    doc: DocumentRows,
    schema: SchemaSpec | None,
    extracted: tuple[ExtractedField, ...],
    today: date,
) -> tuple[tuple[ExtractedField, ...], EInvoiceFacts]:
    """Replace values read from the pages by those of the XML, and compare the two."""
    if einvoice.invoice is None or schema is None:
        return extracted, einvoice
    mapping = map_einvoice(einvoice.invoice, doc, schema, extracted, today=today)
    return mapping.fields, replace(einvoice, comparison=mapping.comparison)


def compare_einvoice(
    einvoice: EInvoiceFacts, doc: DocumentRows, schema: SchemaSpec | None, today: date
) -> EInvoiceFacts:
    """Compare an e-invoice with its pages again, after a person has corrected fields."""
    if einvoice.invoice is None or schema is None:
        return einvoice
    return apply_einvoice(einvoice, doc, schema, extract_fields(doc, schema, today=today), today)[1]
