"""Field names across schemas, so that one check works for invoices, receipts, letters and passports."""

from decimal import Decimal, InvalidOperation

from ingestion.domain.normalize.money import format_like
from ingestion.domain.schemas.fields import ExtractedField, FieldKind
from quality.domain.facts import FactSet

TOTAL_FIELDS = ("total", "total_amount", "grand_total", "amount_due", "gross_total")
SUBTOTAL_FIELDS = ("subtotal", "net_total", "net_amount", "net")
TAX_FIELDS = ("tax", "tax_amount", "vat_amount", "tax_total", "vat")
ADDED_FIELDS = ("shipping", "tip", "rounding", "service_charge")
DEDUCTED_FIELDS = ("discount",)

DOCUMENT_KEYS = tuple(
    (
        "invoice_number receipt_number report_number sample_number accession_number letter_number case_number "
        "admission_number document_number"
    ).split()
)
"""Fields that identify one document: two documents of a schema with the same value are related."""
ISSUERS = ("supplier", "seller", "vendor", "merchant", "company", "laboratory", "hospital", "issuer", "facility")
ISSUE_DATE_FIELDS = ("invoice_date", "issue_date", "date_of_issue", "report_date", "reported_at", "letter_date", "date")
PERSONS = ("patient", "patient_name", "name", "surname")
PERSON_KEYS = ("patient_id", "patient_number", "mrn", "personal_number", "person_id")
PERSON_FACTS = ("date_of_birth", "birth_date", "patient_birth_date", "sex", "nationality")
BIRTH_DATE_FIELDS = ("date_of_birth", "birth_date", "patient_birth_date")
FUTURE_DATE_PARTS = ("due", "expiry", "expires", "expiration", "valid_until", "until", "next", "delivery", "follow")
"""Parts of names of dates that may be in the future."""


def amount_of(found: ExtractedField | None) -> Decimal | None:
    """Return a money field's normalised amount; None when it is missing or not a number."""
    if found is None:
        return None
    try:
        return Decimal(found.normalized)
    except InvalidOperation:
        return None


def schema_has(facts: FactSet, *names: str) -> bool:
    """Return whether the schema has one of these fields."""
    return any(facts.spec(name) is not None for name in names)


def title_of(facts: FactSet, name: str) -> str:
    """Return a field's title for people."""
    spec = facts.spec(name)
    return spec.title if spec else name.replace("_", " ").capitalize()


def format_as_printed(facts: FactSet, name: str, normalized: str, printed: str) -> str:
    """Return a field's normalised value for people: an amount in the style of `printed`, others unchanged."""
    spec = facts.spec(name)
    if spec is None or spec.kind != FieldKind.MONEY:
        return normalized
    try:
        return format_like(Decimal(normalized), printed)
    except InvalidOperation:
        return normalized
