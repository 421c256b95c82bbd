"""Examples of document contents: money, dates, codes, numbers, MRZ, personal data."""

from dataclasses import replace
from decimal import Decimal

from ingestion.domain.extraction.adjustments import SumAdjustment
from ingestion.domain.extraction.amount_roles import AmountRole
from ingestion.domain.schemas.fields import Alternative
from quality.domain.checks.examples.builders import (
    BILL,
    BOX,
    LETTER,
    NOTE,
    PASSPORT,
    RECEIPT,
    ZONE,
    document,
    fails,
    fields,
    not_applicable,
    passes,
    printed_as,
    unknown,
)
from quality.domain.checks.registry import Examples
from quality.domain.facts import FactSet, LineAmount, Misprint, PiiSpan, PrintedDates, ReceiptPayment, TenantThresholds
from refinery.core.types import BoundingBox

STAY = {"patient": "Ida Berg", "admission_date": "2025-06-01", "discharge_date": "2025-06-09"}
HOLDER = {
    "surname": "Solberg",
    "given_names": "Maja Liv",
    "document_number": "L898902C3",
    "date_of_birth": "1985-04-12",
    "expiry_date": "2030-04-15",
    "mrz": ZONE,
}


def _bill(**changes: str) -> FactSet:
    return document({**BILL, **changes})


def _letter(**changes: str) -> FactSet:
    return document({**STAY, **changes}, LETTER)


def _passport(**changes: str) -> FactSet:
    return document({**HOLDER, **changes}, PASSPORT)


def _printed(name: str, value: str, normalized: str, **others: str) -> FactSet:
    """Build an invoice with one date whose printed form differs from the normalised one."""
    rest = fields({key: text for key, text in {**BILL, **others}.items() if key != name})
    return document(fields=(*rest, replace(fields({name: value})[0], normalized=normalized)))


def _lines(*amounts: str, confirmed: bool = True) -> FactSet:
    lines = tuple(LineAmount(1, BOX, Decimal(amount), f"Paper {amount}", confirmed) for amount in amounts)
    return document(lines=lines)


def _receipt(total: str, paid: str, change: str) -> FactSet:
    payment = ReceiptPayment(Decimal(paid), Decimal(change))
    return document({"company": "Corner Shop", "date": "2025-06-13", "total": total}, RECEIPT, payment=payment)


def _passport_with_printed_dates(**days: str) -> FactSet:
    """Build a passport with these days printed above the MRZ."""
    return replace(_passport(), printed_dates=PrintedDates(frozenset(days.values())))


def _adjusted(amount: str, **changes: str) -> FactSet:
    """Build an invoice with a discount or a charge, in an unknown place unless it is between net and total."""
    role = AmountRole.DISCOUNT if amount.startswith("-") else AmountRole.CHARGE
    facts = _bill(**changes)
    places = {"net_total": 0.5, "total": 0.7}
    placed = tuple(
        replace(found, bbox=BoundingBox(0.6, places[found.name], 0.8, places[found.name] + 0.02))
        if found.name in places
        else found
        for found in facts.fields
    )
    return replace(facts, fields=placed, adjustments=(SumAdjustment(role, Decimal(amount), True, (1, 0.6)),))


TIP = SumAdjustment(AmountRole.CHARGE, Decimal("7.60"), required=True, place=None)
LESS = (LineAmount(1, BOX, Decimal("8.25"), "Pie 8.25", confirmed=True),)


def _misread_total() -> FactSet:
    wrong = replace(fields({"total": "1284.50"})[0], confidence=0.99, alternatives=(Alternative("1,248.50", 0.4),))
    return document(fields=(*fields({**BILL, "total": ""}), wrong))


MONEY = {
    "totals_add_up": Examples(
        passing=(passes("net and tax make the total", _bill()),),
        failing=(fails("two digits changed places", _bill(total="1284.50")),),
        unknown=(unknown("no tax was read", _bill(tax_total="")),),
        adversarial=(
            passes("rounded to five cents", _bill(total="1248.55")),
            passes("a credit note is negative", _bill(net_total="-1040.42", tax_total="-208.08", total="-1248.50")),
            fails("the surest amount is the wrong one", _misread_total()),
            not_applicable("a note has no totals", document({}, NOTE)),
            passes("a discount explains the difference", _adjusted("-50.00", total="1198.50")),
            fails("a discount is printed and forgotten", _adjusted("-50.00")),
        ),
    ),
    "lines_add_up": Examples(
        passing=(passes("lines make the net total", _lines("1000.00", "40.42")),),
        failing=(fails("lines make less", _lines("1000.00", "4.42")),),
        unknown=(unknown("no lines", document(lines=())), unknown("not looked for", document())),
        adversarial=(
            passes("prices that hold the tax make the total", _lines("1248.50")),
            passes("freight after the lines", replace(_adjusted("40.42"), lines=_lines("1000.00").lines)),
            unknown("lines read without certainty accuse nobody", _lines("1000.00", confirmed=False)),
            unknown("a receipt may add tax to its lines", replace(_receipt("9.00", "9.00", "0.00"), lines=LESS)),
        ),
    ),
    "payment_adds_up": Examples(
        passing=(passes("cash less change", _receipt("82.40", "100.00", "17.60")),),
        failing=(fails("another total", _receipt("91.40", "100.00", "17.60")),),
        unknown=(unknown("paid by card", document({"total": "82.40"}, RECEIPT)),),
        adversarial=(
            passes("a tip is paid too", replace(_receipt("82.40", "90.00", "0.00"), adjustments=(TIP,))),
            passes("no change given", _receipt("82.40", "82.40", "0.00")),
            passes("rounded to five cents", _receipt("82.42", "100.00", "17.60")),
            not_applicable("an invoice is not paid on the spot", _bill()),
        ),
    ),
}

DATES = {
    "dates_valid": Examples(
        passing=(passes("a day", _bill()),),
        failing=(
            fails("31 February", _printed("invoice_date", "31.02.2025", "")),
            fails(
                "on the page, in no field",
                document(printed_dates=PrintedDates(impossible=(Misprint(1, BOX, "30 FEB 2028"),))),
            ),
        ),
        unknown=(unknown("no date", document({"total": "1.00"})),),
        adversarial=(passes("29 February of a leap year", _bill(invoice_date="2024-02-29")),),
    ),
    "dates_in_order": Examples(
        passing=(passes("in, then out", _letter()),),
        failing=(fails("out before in", _letter(discharge_date="2025-05-09")),),
        unknown=(unknown("no date", document({"patient": "Ida Berg"}, LETTER)),),
        adversarial=(passes("in and out on one day", _letter(discharge_date="2025-06-01")),),
    ),
    "date_not_in_future": Examples(
        passing=(passes("last week", _bill()),),
        failing=(fails("next year", _bill(invoice_date="2026-06-13")),),
        unknown=(unknown("no date", document({"total": "1.00"})),),
        adversarial=(
            passes("a due date may lie ahead", _bill(due_date="2025-12-31")),
            passes("today is not the future", _bill(invoice_date="2025-06-30")),
        ),
    ),
    "date_ambiguous": Examples(
        passing=(passes("ISO", _bill()),),
        failing=(fails("3 April or 4 March", _printed("invoice_date", "03/04/2025", "2025-04-03")),),
        unknown=(unknown("no date", document({"total": "1.00"})),),
        adversarial=(
            passes("the same number twice", _printed("invoice_date", "04/04/2025", "2025-04-04")),
            passes(
                "another date settles the order",
                _printed("invoice_date", "03/04/2025", "2025-04-03", due_date="25/04/2025"),
            ),
        ),
    ),
    "not_expired": Examples(
        passing=(passes("good for years", _passport()),),
        failing=(fails("expired last month", _passport(expiry_date="2025-05-31")),),
        unknown=(unknown("no expiry was read", _passport(expiry_date="")),),
        adversarial=(
            passes("its last day", _passport(expiry_date="2025-06-30")),
            not_applicable("an invoice", _bill()),
        ),
    ),
}

CODES = {
    "icd10_known": Examples(
        passing=(passes("two codes", _letter(diagnoses="I10, E11.9")),),
        failing=(fails("no such code", _letter(diagnoses="I10, Q99.77")),),
        unknown=(unknown("no code", _letter()), unknown("no table", replace(_letter(diagnoses="I10"), codes=None))),
        adversarial=(
            passes("small letters and no dot", _letter(diagnoses="e119")),
            fails("a letter O for a zero", _letter(diagnoses="I1O")),
        ),
    ),
    "icd10_billable": Examples(
        passing=(passes("a full code", _letter(diagnoses="E11.9")),),
        failing=(fails("a heading", _letter(diagnoses="E11")),),
        unknown=(unknown("no code", _letter()),),
        adversarial=(passes("an unknown code is not a heading", _letter(diagnoses="Q99.77")),),
    ),
    "currency_known": Examples(
        passing=(passes("pounds", _bill()),),
        failing=(fails("no such currency", _bill(currency="GPB")),),
        unknown=(unknown("none was read", _bill(currency="")),),
        adversarial=(
            passes("small letters", _bill(currency="gbp")),
            passes("a sign of several currencies", document(fields=(printed_as("currency", "$", ""),))),
        ),
    ),
}

NUMBERS = {
    "iban_valid": Examples(
        passing=(passes("a German account", _bill(iban="DE89370400440532013000")),),
        failing=(
            fails("one digit off", _bill(iban="DE89370400440532013001")),
            fails(
                "printed, and taken into no field",
                document(invalid_ibans=(Misprint(1, BOX, "DE89 3704 0044 0532 0130 01"),)),
            ),
        ),
        unknown=(unknown("none was read", _bill()),),
        adversarial=(
            passes("in groups of four", _bill(iban="DE89 3704 0044 0532 0130 00")),
            fails("a letter O for a zero", _bill(iban="DE8937O400440532013000")),
        ),
    ),
    "vat_valid": Examples(
        passing=(passes("German", _bill(vat_id="DE136695976")),),
        failing=(fails("one digit off", _bill(vat_id="DE136695978")),),
        unknown=(unknown("none was read", _bill()),),
        adversarial=(
            unknown("an American tax number proves nothing", _bill(vat_id="12-3456789")),
            passes("Norwegian", _bill(vat_id="NO923609016MVA")),
            passes("a Swiss number without the tax's name", _bill(vat_id="CHE-107.787.577")),
            fails("Norwegian, one digit off", _bill(vat_id="NO923609017MVA")),
        ),
    ),
    "npi_valid": Examples(
        passing=(passes("a provider", _letter(npi="1234567893")),),
        failing=(fails("one digit off", _letter(npi="1234567890")),),
        unknown=(unknown("none was read", _letter()),),
        adversarial=(
            fails("Luhn alone is not enough: nine digits", _letter(npi="123456782")),
            not_applicable("an invoice", _bill()),
        ),
    ),
}

ZONES = {
    "mrz_check_digits": Examples(
        passing=(passes("a passport", _passport()),),
        failing=(fails("a digit changed", _passport(mrz=ZONE.replace("850412", "850413"))),),
        unknown=(unknown("no zone was read", _passport(mrz="")), unknown("half a zone", _passport(mrz=ZONE[:60]))),
        adversarial=(fails("a date of birth swapped with care", _passport(mrz=ZONE.replace("8504124", "8512044"))),),
    ),
    "mrz_agrees": Examples(
        passing=(passes("as printed", _passport()),),
        failing=(fails("another birthday is printed", _passport(date_of_birth="1985-12-04")),),
        unknown=(unknown("no zone was read", _passport(mrz="")),),
        adversarial=(
            passes("capitals and accents", _passport(surname="SÓLBERG")),
            passes("a name that the zone cuts short", _passport(given_names="Maja Liv Antonia")),
        ),
    ),
}

ZONES["mrz_printed"] = Examples(
    passing=(passes("both days printed", _passport_with_printed_dates(born="1985-04-12", until="2030-04-15")),),
    failing=(fails("another expiry is printed", _passport_with_printed_dates(born="1985-04-12", until="2031-04-15")),),
    unknown=(unknown("nobody looked", _passport()), unknown("no zone", _passport(mrz=""))),
    adversarial=(
        fails(
            "the days of the zone read backwards", _passport_with_printed_dates(born="1985-12-04", until="2030-04-15")
        ),
    ),
)

PRIVACY = {
    "pii_not_allowed": Examples(
        passing=(passes("none", _bill()),),
        failing=(fails("a payment card", document(pii=(PiiSpan("card", 1, "…1111", BOX),))),),
        unknown=(unknown("not looked for", document(pii=None)),),
        adversarial=(
            passes(
                "the tenant allows cards",
                document(pii=(PiiSpan("card", 1, "…1111"),), limits=TenantThresholds(pii_allowed=frozenset({"card"}))),
            ),
        ),
    )
}

EXAMPLES = MONEY | DATES | CODES | NUMBERS | ZONES | PRIVACY
