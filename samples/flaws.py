"""Deliberate flaws: each changes the facts of one document as people and machines get them wrong."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

from samples.content.printed import (
    Facts,
    PrintedValue,
    numeric_date_style,
    printed_date,
    printed_money,
    render_date_parts,
)
from samples.numbers.iban import break_iban, grouped
from samples.numbers.luhn import break_last_digit
from samples.numbers.mrz import break_mrz
from samples.words.diagnoses import UNKNOWN_CODES
from samples.words.places import LANGUAGES

PAIRED_FLAWS = ("exact_duplicate", "newer_version", "contradiction")
XML_FLAW = "einvoice_differs"
"""Flaw that only an invoice with embedded XML can have; batches do not choose it for others."""
_DATED = ("impossible_date", "future_date")
FLAWS: dict[str, tuple[str, ...]] = {
    "invoice": ("total_mismatch", *_DATED, "invalid_iban", "ambiguous_date", "missing_field", *PAIRED_FLAWS),
    "receipt": ("total_mismatch", *_DATED, "ambiguous_date", "missing_field", "exact_duplicate"),
    "lab_report": (*_DATED, "ambiguous_date", "missing_field", "exact_duplicate"),
    "discharge_letter": (
        *_DATED,
        "unknown_icd_code",
        "npi_check_digit",
        "ambiguous_date",
        "missing_field",
        "exact_duplicate",
    ),
    "identity_document": ("mrz_check_digit", *_DATED, "missing_field", "exact_duplicate"),
}
# The dates of a document in the order in which they must follow each other.
_ORDERED = {
    "invoice": ("invoice_date", "due_date"),
    "receipt": ("date",),
    "lab_report": ("collected_at", "reported_at"),
    "discharge_letter": ("admission_date", "discharge_date"),
    "identity_document": ("expiry_date",),
}
_FUTURE_YEAR = 2062
_FUTURE = {
    "invoice": ("invoice_date", "due_date"),
    "receipt": ("date",),
    "lab_report": ("reported_at",),
    "discharge_letter": ("discharge_date",),
    "identity_document": ("date_of_birth",),
}
_OMITTED = {
    "invoice": ("due_date", "iban", "vat_id", "invoice_number"),
    "receipt": ("date", "address"),
    "lab_report": ("patient_id", "physician", "reported_at", "date_of_birth"),
    "discharge_letter": ("npi", "date_of_birth", "discharge_date"),
    "identity_document": ("date_of_birth", "expiry_date", "sex"),
}


def _day(facts: Facts, field: str) -> date:
    return date.fromisoformat(facts[field].normalized)


def _total_mismatch(facts: Facts, _kind: str, rng: Random, country: str, _style: str) -> Facts:
    total = Decimal(facts["total"].normalized)
    slip = rng.choice((Decimal(9), Decimal("0.90"), Decimal(10), Decimal("-0.90")))
    return facts | {"total": printed_money(max(total + slip, total / 2), country)}


def _impossible_date(facts: Facts, kind: str, rng: Random, country: str, style: str) -> Facts:
    first, last = _ORDERED[kind][0], _ORDERED[kind][-1]
    if first != last and rng.random() < 0.5:
        return facts | {first: facts[last], last: facts[first]}
    day, month = rng.choice(((31, 2), (30, 2), (31, 4), (31, 9)))
    text = render_date_parts(day, month, _day(facts, last).year, style, LANGUAGES[country])
    return facts | {last: PrintedValue(text.upper() if kind == "identity_document" else text, "")}


def _future_date(facts: Facts, kind: str, _rng: Random, country: str, style: str) -> Facts:
    fields = _FUTURE[kind]
    years = _FUTURE_YEAR - _day(facts, fields[0]).year
    full = style.replace("{yy:02d}", "{y}")  # two digits would hide the century
    moved = {}
    for field in fields:
        day = _day(facts, field)
        late = printed_date(day.replace(year=day.year + years, day=min(day.day, 28)), full, LANGUAGES[country])
        moved[field] = replace(late, text=late.text.upper()) if kind == "identity_document" else late
    return facts | moved


def _ambiguous_date(facts: Facts, kind: str, rng: Random, country: str, _style: str) -> Facts:
    fields = _ORDERED[kind]
    months = {_day(facts, field).month for field in fields}
    days = sorted(rng.sample([day for day in range(1, 13) if day not in months], len(fields)))
    style = numeric_date_style(country)
    moved = {field: _day(facts, field).replace(day=day) for field, day in zip(fields, days, strict=True)}
    return facts | {field: printed_date(day, style, LANGUAGES[country]) for field, day in moved.items()}


def _missing_field(facts: Facts, kind: str, rng: Random, _country: str, _style: str) -> Facts:
    omitted = rng.choice(_OMITTED[kind])
    return {field: fact for field, fact in facts.items() if field != omitted}


def _invalid_iban(facts: Facts, _kind: str, rng: Random, _country: str, _style: str) -> Facts:
    broken = break_iban(facts["iban"].normalized, rng)
    return facts | {"iban": PrintedValue(grouped(broken), broken)}


def _unknown_code(facts: Facts, _kind: str, rng: Random, _country: str, _style: str) -> Facts:
    codes = facts["diagnoses"].normalized.split(",")
    codes[rng.randrange(len(codes))] = rng.choice(UNKNOWN_CODES)
    return facts | {"diagnoses": PrintedValue(", ".join(codes), ",".join(codes))}


def _npi_check_digit(facts: Facts, _kind: str, rng: Random, _country: str, _style: str) -> Facts:
    broken = break_last_digit(facts["npi"].normalized, rng)
    return facts | {"npi": PrintedValue(broken, broken)}


def _mrz_check_digit(facts: Facts, _kind: str, _rng: Random, _country: str, _style: str) -> Facts:
    zone = "\n".join(break_mrz(tuple(facts["mrz"].normalized.split("\n"))))
    return facts | {"mrz": PrintedValue(zone, zone)}


_FLAW_FUNCTIONS: dict[str, Callable[[Facts, str, Random, str, str], Facts]] = {
    "total_mismatch": _total_mismatch,
    XML_FLAW: _total_mismatch,
    "impossible_date": _impossible_date,
    "future_date": _future_date,
    "ambiguous_date": _ambiguous_date,
    "missing_field": _missing_field,
    "invalid_iban": _invalid_iban,
    "unknown_icd_code": _unknown_code,
    "npi_check_digit": _npi_check_digit,
    "mrz_check_digit": _mrz_check_digit,
}


def apply_flaw(facts: Facts, kind: str, flaw: str, rng: Random, *, country: str, style: str) -> Facts:
    """Return the facts with one flaw. `country` and `style` are those in which the document prints its dates.

    The paired flaws change no fact here: they concern two documents. Raises ValueError if documents of `kind` cannot
    have the flaw.
    """
    if flaw not in FLAWS[kind] and (kind, flaw) != ("invoice", XML_FLAW):
        raise ValueError(f"a document of kind {kind} cannot have the flaw {flaw}")
    return facts if flaw in PAIRED_FLAWS else _FLAW_FUNCTIONS[flaw](facts, kind, rng, country, style)
