"""What fields are called across schemas, so that one check serves invoices, receipts, letters and passports."""

from decimal import Decimal, InvalidOperation

from ingestion.domain.normalize.money import write_like
from ingestion.domain.schemas.fields import ExtractedField, FieldKind
from quality.domain.facts import FactSet

TOTAL = ("total", "total_amount", "grand_total", "amount_due", "gross_total")
SUBTOTAL = ("subtotal", "net_total", "net_amount", "net")
TAX = ("tax", "tax_amount", "vat_amount", "tax_total", "vat")
ADDED = ("shipping", "tip", "rounding", "service_charge")
DEDUCTED = ("discount",)

DOCUMENT_KEYS = (
    "invoice_number", "receipt_number", "report_number", "sample_number", "accession_number", "letter_number",
    "case_number", "admission_number", "document_number",
)  # fmt: skip
"""Fields that name one document: two documents of a schema that share it are the same matter."""
ISSUERS = ("supplier", "seller", "vendor", "merchant", "company", "laboratory", "hospital", "issuer", "facility")
ISSUED = ("invoice_date", "issue_date", "date_of_issue", "report_date", "reported_at", "letter_date", "date")
PERSONS = ("patient", "patient_name", "name", "surname")
PERSON_KEYS = ("patient_id", "patient_number", "mrn", "personal_number", "person_id")
PERSON_FACTS = ("date_of_birth", "birth_date", "patient_birth_date", "sex", "nationality")
BIRTHS = ("date_of_birth", "birth_date", "patient_birth_date")
MAY_LIE_AHEAD = ("due", "expiry", "expires", "expiration", "valid_until", "until", "next", "delivery", "follow")
"""Parts of names of dates that may lie in the future."""


def amount_of(found: ExtractedField | None) -> Decimal | None:
    """Give a money field's normalised amount; None when it is missing or no number."""
    if found is None:
        return None
    try:
        return Decimal(found.normalized)
    except InvalidOperation:
        return None


def schema_has(facts: FactSet, *names: str) -> bool:
    """Say whether the schema knows one of these fields."""
    return any(facts.spec(name) is not None for name in names)


def title_of(facts: FactSet, name: str) -> str:
    """Give a field's title as people read it."""
    spec = facts.spec(name)
    return spec.title if spec else name.replace("_", " ").capitalize()


def as_page_writes(facts: FactSet, name: str, normalized: str, printed: str) -> str:
    """Give a field's normalised value for people: an amount as `printed` is written, anything else as it is."""
    spec = facts.spec(name)
    if spec is None or spec.kind is not FieldKind.MONEY:
        return normalized
    try:
        return write_like(Decimal(normalized), printed)
    except InvalidOperation:
        return normalized
