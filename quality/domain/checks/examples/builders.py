"""Builders of small example documents: schema, page of words, fields with boxes; valid by default."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from ingestion.domain.page.elements import ImageMeasures, PageReading, Word, WordSource
from ingestion.domain.schemas.fields import ExtractedField, FieldKind, FieldSpec, SchemaSpec
from quality.domain.checks.registry import CheckExample
from quality.domain.facts import FactSet, Neighbour
from quality.domain.outcomes import Verdict
from quality.domain.reference import CodeSet
from refinery.core.types import BoundingBox

TODAY = date(2025, 6, 30)
RECEIVED = datetime(2025, 6, 30, 8, 0, tzinfo=UTC)
CLEAR = ImageMeasures(dpi=200, sharpness=900, contrast=0.8, skew_degrees=0.2, ink=0.06, ink_at_edge=0.0)
CODES = CodeSet("a small edition", {"I10": True, "E11": False, "E119": True, "E110": False, "J189": True, "B189": True})
BOX = BoundingBox(0.6, 0.5, 0.8, 0.52)

INVOICE = SchemaSpec(
    "invoice",
    "Invoice",
    (
        FieldSpec("supplier", "Supplier", FieldKind.PARTY, required=True),
        FieldSpec("invoice_number", "Invoice number", FieldKind.IDENTIFIER, required=True),
        FieldSpec("invoice_date", "Invoice date", FieldKind.DATE, required=True),
        FieldSpec("due_date", "Due date", FieldKind.DATE),
        FieldSpec("currency", "Currency", FieldKind.CURRENCY),
        FieldSpec("net_total", "Net total", FieldKind.MONEY),
        FieldSpec("tax_total", "VAT", FieldKind.MONEY),
        FieldSpec("total", "Total", FieldKind.MONEY, required=True),
        FieldSpec("iban", "IBAN", FieldKind.IDENTIFIER),
        FieldSpec("vat_id", "VAT number", FieldKind.IDENTIFIER),
    ),
)
LETTER = SchemaSpec(
    "discharge_letter",
    "Discharge letter",
    (
        FieldSpec("patient", "Patient", FieldKind.PARTY, required=True),
        FieldSpec("patient_id", "Patient number", FieldKind.IDENTIFIER),
        FieldSpec("date_of_birth", "Date of birth", FieldKind.DATE),
        FieldSpec("admission_date", "Admitted", FieldKind.DATE),
        FieldSpec("discharge_date", "Discharged", FieldKind.DATE),
        FieldSpec("diagnoses", "Diagnoses", FieldKind.CODE_LIST),
        FieldSpec("npi", "Provider number", FieldKind.IDENTIFIER),
    ),
)
PASSPORT = SchemaSpec(
    "identity_document",
    "Identity document",
    (
        FieldSpec("surname", "Surname", FieldKind.PARTY, required=True),
        FieldSpec("given_names", "Given names", FieldKind.PARTY),
        FieldSpec("document_number", "Document number", FieldKind.IDENTIFIER),
        FieldSpec("nationality", "Nationality", FieldKind.TEXT),
        FieldSpec("sex", "Sex", FieldKind.TEXT),
        FieldSpec("date_of_birth", "Date of birth", FieldKind.DATE),
        FieldSpec("expiry_date", "Expires", FieldKind.DATE),
        FieldSpec("mrz", "Machine-readable zone", FieldKind.MRZ),
    ),
)
RECEIPT = SchemaSpec(
    "receipt",
    "Receipt",
    (
        FieldSpec("company", "Company", FieldKind.PARTY, required=True),
        FieldSpec("date", "Date", FieldKind.DATE, required=True),
        FieldSpec("total", "Total", FieldKind.MONEY, required=True),
    ),
)
NOTE = SchemaSpec("note", "Note", (FieldSpec("subject", "Subject", FieldKind.TEXT),))

BILL = {
    "supplier": "Harbour Paper Ltd",
    "invoice_number": "HP-2025-0118",
    "invoice_date": "2025-06-13",
    "due_date": "2025-07-13",
    "currency": "GBP",
    "net_total": "1040.42",
    "tax_total": "208.08",
    "total": "1248.50",
}
ZONE = "P<UTOSOLBERG<<MAJA<LIV<<<<<<<<<<<<<<<<<<<<<<\nL898902C36UTO8504124F3004157<<<<<<<<<<<<<<02"


def words(text: str, source: WordSource = WordSource.RAPIDOCR, confidence: float = 0.97) -> tuple[Word, ...]:
    """Lay out a text: one page line per text line, words from left to right."""
    laid = []
    for line, content in enumerate(text.splitlines()):
        for column, part in enumerate(content.split()):
            top, left = 0.05 + 0.03 * (line % 30), 0.08 + 0.07 * (column % 12)
            box = BoundingBox(left, top, left + 0.06, top + 0.02)
            laid.append(Word(part, box, confidence, source, line))
    return tuple(laid)


def page(text: str = "Harbour Paper Ltd\nInvoice HP-2025-0118", number: int = 1, **changes: Any) -> PageReading:
    """Build a clear scanned page; `changes` replaces any attribute."""
    made = PageReading(
        number=number,
        width=1654,
        height=2339,
        source=WordSource.RAPIDOCR,
        confidence=0.97,
        words=words(text),
        measures=CLEAR,
    )
    return replace(made, **changes)


def fields(values: Mapping[str, str], confidence: float = 0.96) -> tuple[ExtractedField, ...]:
    """Build fields that are printed exactly as they are normalised."""
    return tuple(
        ExtractedField(name, value, value, confidence, 1, BOX, source="label") for name, value in values.items()
    )


def printed_as(name: str, value: str, normalized: str) -> ExtractedField:
    """Build a field that is printed otherwise than it is normalised."""
    return ExtractedField(name, value, normalized, 0.96, 1, BOX, source="label")


def document(
    values: Mapping[str, str] | None = None,
    schema: SchemaSpec | None = INVOICE,
    pages: Iterable[PageReading] | None = None,
    **changes: Any,
) -> FactSet:
    """Build a document's facts, by default a valid invoice."""
    read = tuple(pages) if pages is not None else (page(),)
    made = FactSet(
        document_id="a",
        pages=read,
        today=TODAY,
        received_at=RECEIVED,
        schema=schema,
        fields=fields(BILL if values is None else values),
        total_pages=len(read),
        sha256="a" * 64,
        neighbours=(),
        pii=(),
        codes=CODES,
        language="en",
    )
    return replace(made, **changes)


def neighbour(values: Mapping[str, str] | None = None, **changes: Any) -> Neighbour:
    """Build another document of the same tenant with different bytes, by default an invoice."""
    made = Neighbour(
        document_id="b",
        sha256="b" * 64,
        received_at=datetime(2025, 6, 20, 8, 0, tzinfo=UTC),
        schema_key="invoice",
        fields=dict(BILL if values is None else values),
    )
    return replace(made, **changes)


def passes(name: str, facts: FactSet) -> CheckExample:
    """Return an example that must pass."""
    return CheckExample(name, facts, Verdict.PASS)


def fails(name: str, facts: FactSet) -> CheckExample:
    """Return an example that must fail."""
    return CheckExample(name, facts, Verdict.FAIL)


def unknown(name: str, facts: FactSet) -> CheckExample:
    """Return an example with the verdict UNKNOWN."""
    return CheckExample(name, facts, Verdict.UNKNOWN)


def not_applicable(name: str, facts: FactSet) -> CheckExample:
    """Return an example that the check does not apply to."""
    return CheckExample(name, facts, Verdict.NOT_APPLICABLE)
