"""Payment codes: the EPC's QR code for credit transfers (GiroCode) and the QR code of Swiss bills.

Sources: EPC069-12 v3.1 of the European Payments Council; the Swiss Implementation Guidelines for the QR-bill v2.3
of SIX. A payload that violates either is rejected: half a payment code proves nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingestion.domain.normalize.validators import check_iban

_EPC_AMOUNT = re.compile(r"EUR(\d{1,9}(?:\.\d{1,2})?)")
_SWISS_AMOUNT = re.compile(r"\d{1,9}\.\d{2}")
_EPC_LINES, _SWISS_LINES = 12, 31
_REFERENCES = {"QRR", "SCOR", "NON"}


@dataclass(frozen=True, slots=True)
class PaymentCode:
    """Payment request; `amount` has a decimal point and two digits, or is empty if the payer chooses."""

    scheme: str  # epc | swiss
    iban: str
    name: str
    amount: str = ""
    currency: str = ""
    reference: str = ""
    payer: str = ""


def parse_payment_code(text: str) -> PaymentCode | None:
    """Read a code's text; None if it is not a payment code."""
    lines = [line.strip() for line in text.split("\n")]
    if lines[:1] == ["BCD"]:
        return _parse_epc(lines)
    return _parse_swiss(lines) if lines[:1] == ["SPC"] else None


def _parse_epc(lines: Sequence[str]) -> PaymentCode | None:
    head, filled = lines[1:4], [*lines, *[""] * _EPC_LINES][:_EPC_LINES]
    if len(lines) < 7 or head[0] not in {"001", "002"} or head[2] not in {"SCT", "INST"}:
        return None
    name, iban, amount = filled[5], _compact(filled[6]), filled[7]
    match = _EPC_AMOUNT.fullmatch(amount)
    if not name or not check_iban(iban).ok or (amount and not match):
        return None
    worth = f"{Decimal(match[1]):.2f}" if match else ""
    return PaymentCode("epc", iban, name, worth, "EUR", _compact(filled[9]))


def _parse_swiss(lines: Sequence[str]) -> PaymentCode | None:
    filled = [*lines, *[""] * _SWISS_LINES][:_SWISS_LINES]
    iban, name, amount, currency = _compact(filled[3]), filled[5], filled[18], filled[19]
    if not filled[1].startswith("02") or iban[:2] not in {"CH", "LI"} or not check_iban(iban).ok or not name:
        return None
    known = currency in {"CHF", "EUR"} and filled[27] in _REFERENCES and filled[30] == "EPD"
    if not known or (amount and not _SWISS_AMOUNT.fullmatch(amount)):
        return None
    return PaymentCode("swiss", iban, name, amount, currency, _compact(filled[28]), filled[21])


def _compact(text: str) -> str:
    return re.sub(r"\s+", "", text).upper()
