"""Rules of EN 16931-1 that can be checked on the invoice itself: its sums, mandatory terms and codes.

A rule is checked only if the terms that it combines are present. Terms that a profile omits (MINIMUM and BASIC WL
have no lines) are not missing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ingestion.domain.einvoice.model import EInvoice, EInvoiceProfile, EInvoiceSyntax

_CENT = Decimal("0.01")
_ZERO = Decimal(0)
_TAX_SHARE_TOLERANCE = Decimal(1)

TYPE_CODES = frozenset(
    (
        "71 80 81 82 83 84 102 130 202 203 204 211 218 219 261 262 295 296 308 325 326 331 380 381 382 383 384 "
        "385 386 387 388 389 390 393 394 395 396 420 456 457 458 527 532 553 575 623 633 751 780 817 870 875 876 "
        "877 935"
    ).split()
)
"""UNTDID 1001 codes that EN 16931 allows for invoices and credit notes."""
TAX_CATEGORIES = frozenset({"S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B"})
"""UNCL 5305 codes that EN 16931 allows; ZUGFeRD 1 had IC and C as well."""
_OLD_CATEGORIES = frozenset({"IC", "C"})


@dataclass(frozen=True, slots=True)
class BrokenSum:
    """Wrong sum: `rule` by the standard's name, `term` with its `stated` and its `expected` value."""

    rule: str
    term: str
    stated: Decimal
    expected: Decimal


@dataclass(frozen=True, slots=True)
class MissingTerm:
    """Mandatory term that is missing."""

    rule: str
    term: str


@dataclass(frozen=True, slots=True)
class UnlistedCode:
    """Code that is not in its code list."""

    term: str
    code: str


def broken_sums(invoice: EInvoice) -> tuple[BrokenSum, ...]:
    """Return the wrong sums, BR-CO-10 to BR-CO-17; amounts are compared to the cent."""
    totals = invoice.totals
    stated = (
        ("BR-CO-10", "BT-106", totals.lines, _sum_of_lines(invoice)),
        ("BR-CO-11", "BT-107", totals.allowances, _adjusted(invoice, charge=False)),
        ("BR-CO-12", "BT-108", totals.charges, _adjusted(invoice, charge=True)),
        ("BR-CO-13", "BT-109", totals.net, _net(invoice)),
        ("BR-CO-14", "BT-110", totals.tax, _tax(invoice)),
        ("BR-CO-15", "BT-112", totals.gross, _gross(invoice)),
        ("BR-CO-16", "BT-115", totals.due, _due(invoice)),
    )
    found = (_mismatch(rule, term, said, wanted) for rule, term, said, wanted in stated)
    return (*(broken for broken in found if broken), *_broken_tax_shares(invoice))


def has_comparable_totals(invoice: EInvoice) -> bool:
    """Return whether at least net, tax and gross are present for comparison."""
    return _gross(invoice) is not None and invoice.totals.gross is not None


def _mismatch(rule: str, term: str, stated: Decimal | None, expected: Decimal | None) -> BrokenSum | None:
    if stated is None or expected is None or _cents(stated) == _cents(expected):
        return None
    return BrokenSum(rule, term, stated, _cents(expected))


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)


def _sum_of_lines(invoice: EInvoice) -> Decimal | None:
    nets = [line.net for line in invoice.lines]
    return sum((net for net in nets if net is not None), _ZERO) if nets and None not in nets else None


def _adjusted(invoice: EInvoice, *, charge: bool) -> Decimal | None:
    """Sum the allowances or charges; None for a profile that lists none."""
    if invoice.profile is EInvoiceProfile.MINIMUM:
        return None
    amounts = [each.amount for each in invoice.adjustments if each.charge is charge]
    return None if None in amounts else sum((amount for amount in amounts if amount is not None), _ZERO)


def _net(invoice: EInvoice) -> Decimal | None:
    totals = invoice.totals
    if totals.lines is None:
        return None
    return totals.lines - (totals.allowances or _ZERO) + (totals.charges or _ZERO)


def _tax(invoice: EInvoice) -> Decimal | None:
    amounts = [each.amount for each in invoice.taxes]
    return sum((amount for amount in amounts if amount is not None), _ZERO) if amounts else None


def _gross(invoice: EInvoice) -> Decimal | None:
    """Add the tax; None for an invoice without a tax total (BT-110)."""
    totals = invoice.totals
    return None if totals.net is None else totals.net + (totals.tax or _ZERO)


def _due(invoice: EInvoice) -> Decimal | None:
    totals = invoice.totals
    if totals.gross is None:
        return None
    return totals.gross - (totals.prepaid or _ZERO) + (totals.rounding or _ZERO)


def _broken_tax_shares(invoice: EInvoice) -> Iterator[BrokenSum]:
    """Check each tax share by BR-CO-17, with the tolerance of CEN's Schematron: writers round line by line."""
    for share in invoice.taxes:
        if share.basis is None or share.rate is None or share.amount is None:
            continue
        expected = share.basis * share.rate / 100
        if abs(share.amount - expected) >= _TAX_SHARE_TOLERANCE:
            yield BrokenSum("BR-CO-17", "BT-117", share.amount, _cents(expected))


_MANDATORY: tuple[tuple[str, str, Callable[[EInvoice], object], bool], ...] = (
    ("BR-1", "BT-24", lambda invoice: invoice.guideline, True),
    ("BR-2", "BT-1", lambda invoice: invoice.number, True),
    ("BR-3", "BT-2", lambda invoice: invoice.issued, True),
    ("BR-4", "BT-3", lambda invoice: invoice.type_code, True),
    ("BR-5", "BT-5", lambda invoice: invoice.currency, True),
    ("BR-6", "BT-27", lambda invoice: invoice.seller.name, True),
    ("BR-7", "BT-44", lambda invoice: invoice.buyer.name, True),
    ("BR-9", "BT-40", lambda invoice: invoice.seller.country, False),
    ("BR-11", "BT-55", lambda invoice: invoice.buyer.country, False),
    ("BR-12", "BT-106", lambda invoice: invoice.totals.lines is not None, False),
    ("BR-13", "BT-109", lambda invoice: invoice.totals.net is not None, True),
    ("BR-14", "BT-112", lambda invoice: invoice.totals.gross is not None, True),
    ("BR-15", "BT-115", lambda invoice: invoice.totals.due is not None, True),
)
"""Rule, term, function that reads it, and whether the profile MINIMUM requires it too."""


def missing_terms(invoice: EInvoice) -> tuple[MissingTerm, ...]:
    """Return the missing mandatory terms, BR-1 to BR-16, as far as the profile requires them.

    ZUGFeRD 1 predates the standard and requires neither countries nor an amount due.
    """
    old = invoice.syntax is EInvoiceSyntax.ZUGFERD1
    least = invoice.profile is EInvoiceProfile.MINIMUM
    asked = [row for row in _MANDATORY if row[3] or not (least or old)]
    found = [MissingTerm(rule, term) for rule, term, get, _ in asked if not get(invoice)]
    found = [lack for lack in found if not (old and lack.term == "BT-115")]
    if invoice.profile.has_lines and not invoice.lines:
        found.append(MissingTerm("BR-16", "BG-25"))
    return tuple(lack for lack in found if lack.term not in invoice.unreadable)


def unlisted_codes(invoice: EInvoice, currencies: frozenset[str]) -> tuple[UnlistedCode, ...]:
    """Return the codes that are not in their lists: type (BT-3), currency (BT-5), countries, tax categories."""
    categories = TAX_CATEGORIES | (_OLD_CATEGORIES if invoice.syntax is EInvoiceSyntax.ZUGFERD1 else frozenset())
    given = [("BT-3", invoice.type_code, TYPE_CODES), ("BT-5", invoice.currency, currencies)]
    given += [("BT-118", share.category, categories) for share in invoice.taxes]
    given += [("BT-151", line.category, categories) for line in invoice.lines]
    wrong = [UnlistedCode(term, code) for term, code, known in given if code and code not in known]
    wrong += [
        UnlistedCode(term, party.country)
        for term, party in (("BT-40", invoice.seller), ("BT-55", invoice.buyer))
        if party.country and not (len(party.country) == 2 and party.country.isascii() and party.country.isalpha())
    ]
    return tuple(dict.fromkeys(wrong))
