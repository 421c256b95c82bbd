"""Roles of the amounts under a table of goods, by their printed labels in several languages.

A summary is a small calculation: sums, and between them what is added (freight, tax) or deducted (discount,
withholding, what was paid before). Labels are folded; a label of prose has no role.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from ingestion.domain.extraction import amount_words

MAX_LABEL_CHARS = 60
_QUALIFIERS = r"(?:[\w.&'-]{1,20} ){0,2}?"  # "trade discount", "UPS ground shipping"


class AmountRole(StrEnum):
    """Part that an amount plays in the calculation of a total."""

    SUM = "sum"
    CARRIED = "carried"  # a page's subtotal, repeated on the next page
    TAX = "tax"
    DISCOUNT = "discount"
    CHARGE = "charge"
    WITHHOLDING = "withholding"
    PREPAID = "prepaid"
    DEPOSIT = "deposit"  # "Deposit" is an amount paid before, or that of bottles
    ROUNDING = "rounding"
    BALANCE = "balance"  # of earlier documents
    TERMS = "terms"  # what would be deducted under a condition
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class AmountLabel:
    """Label with its role; `included` means that a sum contains the amount already ("incl. VAT").

    `less` means that the label itself says that the amount is deducted ("less deposit"), `total` that it is the sum of
    several such amounts ("total tax").
    """

    role: AmountRole
    included: bool = False
    less: bool = False
    total: bool = False


def _starts(words: str, after: str = "", *, qualified: bool = False) -> re.Pattern[str]:
    return re.compile(rf"{_QUALIFIERS if qualified else ''}(?:{words}){after}")


_FIRST = (
    (AmountRole.CARRIED, _starts(amount_words.CARRIED)),
    (AmountRole.BALANCE, _starts(amount_words.BALANCE)),
    (AmountRole.TERMS, _starts(amount_words.TERMS)),
    (AmountRole.TAX, _starts(amount_words.COMPOUND_TAX, amount_words.AFTER_TAX)),
    (AmountRole.DISCOUNT, _starts(amount_words.COMPOUND_DISCOUNT)),
    (AmountRole.PREPAID, _starts(amount_words.COMPOUND_PREPAID)),
)
_NOUNS = (
    (AmountRole.WITHHOLDING, _starts(amount_words.WITHHOLDING, qualified=True)),
    (AmountRole.PREPAID, _starts(amount_words.PREPAID)),
    (AmountRole.DISCOUNT, _starts(amount_words.DISCOUNT, qualified=True)),
    (AmountRole.ROUNDING, _starts(amount_words.ROUNDING, qualified=True)),
    (AmountRole.CHARGE, _starts(amount_words.CHARGE)),
    (AmountRole.TAX, _starts(amount_words.TAX, amount_words.AFTER_TAX, qualified=True)),
    (AmountRole.CHARGE, _starts(amount_words.CHARGE, qualified=True)),
    (AmountRole.DEPOSIT, _starts(amount_words.DEPOSIT, qualified=True)),
)
_NOT_ALL = r"(?!\S*\s(?:in[ck]l|ex[ck]l|compri|compres|hors|esclus))"  # "total VAT incl." is a total
_SUMMED_NOUNS = (
    (AmountRole.DISCOUNT, _starts(amount_words.DISCOUNT, _NOT_ALL)),
    (AmountRole.TAX, _starts(amount_words.TAX, _NOT_ALL)),
    (
        AmountRole.CHARGE,
        _starts(rf"(?!charges?\b|fees?\b|service|gastos\b|kosten\b)(?:{amount_words.CHARGE})", _NOT_ALL),
    ),
    (AmountRole.ROUNDING, _starts(amount_words.ROUNDING, _NOT_ALL)),
    (AmountRole.WITHHOLDING, _starts(amount_words.WITHHOLDING, _NOT_ALL)),
    (AmountRole.PREPAID, _starts(r"paid\b|payments?\b|anzahlung(?:en)?\b|acomptes?\b|acconti\b", _NOT_ALL)),
)
_SUM_WORD = _starts(amount_words.SUM)
_SUMMED = re.compile(r"(?:total|totals|summe|gesamt|totale|totaal|montant|importe|importo|betrag|bedrag|amount)\b")
_OF = re.compile(r"[\s:.-]*(?:(?:des?|der|du|of|di|de la|delle|dei|van|amount)\b\s*)?")
_LEAD = re.compile(r"[\s+\-\u2212\u2013*\u2022|.,:;()=]+")
_SIGNS = (
    ("less", _starts(amount_words.LESS)),
    ("plus", _starts(amount_words.PLUS)),
    ("included", _starts(amount_words.INCLUDED)),
)
# One pattern in place of all of them for the many texts that have no role.
_ANY_SIGN = re.compile("|".join(f"(?:{pattern.pattern})" for _, pattern in _SIGNS))
_ANY_ROLE = re.compile("|".join(f"(?:{pattern.pattern})" for _, pattern in (*_FIRST, *_NOUNS, (None, _SUM_WORD))))
_ANY_START = re.compile(f"{_LEAD.pattern}|{_ANY_SIGN.pattern}|{_ANY_ROLE.pattern}")
_INCLUDED_AT_END = re.compile(rf"\b(?:{amount_words.INCLUDED})\W*$")
_ALL_TAXES = re.compile(r"^gesamt|\b(?:gesamt|total|totale|totaal|summe)\W*$")
_RATE = re.compile(r"\(?\b\d{1,2}(?:[.,]\d{1,3})?\s?%\)?")
_DEDUCTED_IF_LESS = (None, AmountRole.SUM, AmountRole.CHARGE, AmountRole.TAX)


def read_amount_label(text: str) -> AmountLabel | None:
    """Return the role that a folded label gives to its amount; None if the label has none."""
    if not any(map(str.isalpha, text)):
        return None
    label = " ".join((_RATE.sub(" ", text) if "%" in text else text).split())
    if len(label) > MAX_LABEL_CHARS:
        return AmountLabel(AmountRole.TERMS) if "skonto" in label or "discount" in label else None
    if not _ANY_START.match(label):
        return None
    sign, rest = _sign_of(_without_lead(label))
    role = _signed_role(sign, _role_of(rest))
    if role is None:
        return None
    summed = _is_total(rest, role) and not _RATE.search(text)
    return AmountLabel(role, _is_included(sign, rest, role), sign == "less", summed)


def _without_lead(label: str) -> str:
    lead = None if label.startswith("./.") else _LEAD.match(label)
    return label[lead.end() :] if lead else label


def _sign_of(label: str) -> tuple[str, str]:
    """Return "less", "plus", "included" or "", and the label without that word."""
    for sign, pattern in _SIGNS if _ANY_SIGN.match(label) else ():
        hit = pattern.match(label)
        if hit:
            return sign, _without_lead(label[hit.end() :])
    return "", label


def _signed_role(sign: str, role: AmountRole | None) -> AmountRole | None:
    if sign == "less" and role is AmountRole.DEPOSIT:
        return AmountRole.PREPAID
    if sign == "less" and role in _DEDUCTED_IF_LESS:
        return AmountRole.DISCOUNT
    return AmountRole.CHARGE if sign == "plus" and role is None else role


def _role_of(label: str) -> AmountRole | None:
    if not _ANY_ROLE.match(label):
        return None
    first = _first_match(_FIRST, label)
    summed = None if first else _SUM_WORD.match(label)
    if summed:
        return _role_of_summed(label) or AmountRole.SUM
    return first or _first_match(_NOUNS, label)


def _first_match(patterns: tuple[tuple[AmountRole, re.Pattern[str]], ...], label: str) -> AmountRole | None:
    return next((role for role, pattern in patterns if pattern.match(label)), None)


def _role_of_summed(label: str) -> AmountRole | None:
    """Return the role of the amounts that a sum adds up: "total discount", "Summe Rabatte", "total VAT"."""
    summed = _SUMMED.match(label)
    if not summed:
        return None
    rest = label[summed.end() :]
    connector = _OF.match(rest)
    return _first_match(_SUMMED_NOUNS, rest[connector.end() if connector else 0 :])


def _is_included(sign: str, label: str, role: AmountRole | None) -> bool:
    return sign == "included" or (role is not AmountRole.SUM and bool(_INCLUDED_AT_END.search(label)))


def _is_total(label: str, role: AmountRole | None) -> bool:
    return role is AmountRole.TAX and bool(_SUM_WORD.match(label) or _ALL_TAXES.search(label))
