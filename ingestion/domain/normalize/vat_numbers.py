"""VAT numbers: their forms with a country's prefix, and the rule of each country whose numbers have check digits."""

import re
from collections.abc import Callable

from stdnum.al import nipt
from stdnum.au import abn
from stdnum.by import unp
from stdnum.ch import uid
from stdnum.ch import vat as swiss_vat
from stdnum.eu import vat
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.gb import vat as british_vat
from stdnum.in_ import gstin
from stdnum.me import pib as montenegrin_pib
from stdnum.mk import edb
from stdnum.no import orgnr
from stdnum.rs import pib
from stdnum.tr import vkn

_EU = "AT|BE|BG|CY|CZ|DE|DK|EE|EL|GR|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI"
_GSTIN = r"\d{2}[A-Z]{5}\d{4}[A-Z][0-9A-Z]Z[0-9A-Z]"
_FORM = re.compile(
    rf"(?=(?:[A-Z]*\d){{6}})(?:(?:{_EU}|GB|IS|TR|RS|ME|MK|AL|BY|UA|BA|MD|LI|AU)[A-Z0-9]{{7,13}}"
    rf"|CHE\d{{9}}(?:MWST|TVA|IVA|TPV)?|(?:NO)?\d{{9}}MVA|NO\d{{9}}|ABN\d{{11}}|{_GSTIN})"
)

Rule = Callable[[str], object]
_RULES: tuple[tuple[re.Pattern[str], int, Rule], ...] = tuple(
    (re.compile(form), skipped, rule)
    for form, skipped, rule in (
        (_GSTIN, 0, gstin.validate),
        (r"CHE.*(?:MWST|TVA|IVA|TPV)", 0, swiss_vat.validate),
        (r"CHE.*", 0, uid.validate),
        (r"NO.*", 2, lambda number: orgnr.validate(number.removesuffix("MVA"))),
        (r"\d{9}MVA", 0, lambda number: orgnr.validate(number.removesuffix("MVA"))),
        (r"GB.*", 0, british_vat.validate),
        (r"AU\d{11}", 2, abn.validate),
        (r"TR\d+", 2, vkn.validate),
        (r"RS\d+", 2, pib.validate),
        (r"ME\d{8}", 2, montenegrin_pib.validate),
        (r"MK\d+", 0, edb.validate),
        (r"AL.*", 0, nipt.validate),
        (r"BY\d+", 2, unp.validate),
        (rf"(?:{_EU}).*", 0, vat.validate),
    )
)


def plain_vat_number(text: str) -> str:
    """Return a VAT number in capitals, without blanks and punctuation."""
    return re.sub(r"[\s.\-/]", "", text).upper()


def canonical_vat_number(text: str) -> str | None:
    """Return a VAT number in its plain form; None if it has not the form of one with a country's prefix."""
    plain = plain_vat_number(text)
    return plain.removeprefix("ABN") if _FORM.fullmatch(plain) else None


def vat_fault(text: str) -> str | None:
    """Return why a VAT number breaks its country's rule, "" if it does not; None if no rule is known."""
    plain = plain_vat_number(text)
    if abn.is_valid(plain):  # printed without a prefix
        return ""
    rule = next(((skipped, rule) for form, skipped, rule in _RULES if form.fullmatch(plain)), None)
    if rule is None:
        return None
    skipped, validate = rule
    try:
        validate(plain[skipped:])
    except ValidationError as fault:
        return str(fault).rstrip(".").lower() or "it is not valid"
    return ""


def vat_likelihood(text: str) -> int:
    """Return 2 for a valid VAT number, 1 if only its check digits are wrong or no rule is known, otherwise 0."""
    fault = vat_fault(text)
    return 2 if fault == "" else int(fault is None or fault == _CHECKSUM_FAULT)


_CHECKSUM_FAULT = str(InvalidChecksum()).rstrip(".").lower()
