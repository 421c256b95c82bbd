"""What an e-invoice says of an invoice's fields, normalised as a page's values are; what the page says against it.

The XML is the truth (EN 16931: the structured part counts). The page is its picture for people: where it says
something else, somebody pays the wrong sum, the wrong account, or twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ingestion.domain.einvoice.model import EInvoice
from ingestion.domain.einvoice.page_places import Place, equal, places_of
from ingestion.domain.einvoice.rules import broken_sums
from ingestion.domain.normalize import letters_and_digits
from ingestion.domain.normalize.values import read_value
from ingestion.domain.page.elements import PageReading
from ingestion.domain.schemas.fields import Alternative, ExtractedField, FieldKind, FieldSpec, SchemaSpec
from refinery.core.types import BoundingBox

XML = "xml"
SOURCE_XML = "source_xml"
"""The feature that marks a value which no reading gave: no model of readings learns from it."""

_KINDS = {
    "supplier": FieldKind.PARTY,
    "supplier_address": FieldKind.ADDRESS,
    "customer": FieldKind.PARTY,
    "invoice_number": FieldKind.IDENTIFIER,
    "invoice_date": FieldKind.DATE,
    "due_date": FieldKind.DATE,
    "currency": FieldKind.CURRENCY,
    "net_total": FieldKind.MONEY,
    "tax_total": FieldKind.MONEY,
    "total": FieldKind.MONEY,
    "iban": FieldKind.IDENTIFIER,
    "vat_id": FieldKind.IDENTIFIER,
}
_TERMS = {"net_total": "BT-109", "tax_total": "BT-110", "total": "BT-112"}
_TOTALS_OF = {
    "BR-CO-13": ("net_total",),
    "BR-CO-14": ("tax_total",),
    "BR-CO-15": ("net_total", "tax_total", "total"),
}
_TOTAL = "total"  # every page prints it: another amount of the XML in its place is no other place
_BROKEN = 0.5
_NAMED_ALIKE = 0.5
_WRITTEN_BY_MANY = frozenset({"supplier_address"})  # each page sets it in its own way: no difference is told


@dataclass(frozen=True, slots=True)
class Difference:
    """A field on which page and XML disagree: `told` and `printed` normalised, `text` as printed and where."""

    field: str
    told: str
    printed: str
    text: str
    page: int | None = None
    bbox: BoundingBox | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """An e-invoice beside its page: which fields could be compared, and which differ."""

    compared: frozenset[str] = frozenset()
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """An invoice's fields as the XML gives them, the page's own where it gives none, and their comparison."""

    fields: tuple[ExtractedField, ...]
    comparison: Comparison


def tell(
    invoice: EInvoice,
    pages: Sequence[PageReading],
    schema: SchemaSpec,
    read: Sequence[ExtractedField],
    *,
    today: date | None = None,
) -> Told:
    """Put the XML's values in place of those `read` from the pages, each with its place there, and compare."""
    said = values_of(invoice, read)
    specs = {spec.name: spec for spec in schema.fields if _KINDS.get(spec.name) is spec.kind and spec.name in said}
    told = {name: read_value(spec, said[name])[0] for name, spec in specs.items()}
    places = places_of(pages, schema, told, today=today)
    doubted = _doubted(invoice)
    fields = tuple(
        _field(specs[each.name], said[each.name], each, places.get(each.name), doubted=each.name in doubted)
        if told.get(each.name)
        else each
        for each in read
    )
    return Told(fields, _compare(invoice, specs, told, places, read))


def values_of(invoice: EInvoice, read: Sequence[ExtractedField] = ()) -> dict[str, str]:
    """Give what the XML says, by the names of the invoice's schema; of several accounts the one that was read."""
    totals = invoice.totals
    values = {
        "supplier": invoice.seller.name,
        "supplier_address": "\n".join(invoice.seller.address),
        "customer": invoice.buyer.name,
        "invoice_number": invoice.number,
        "invoice_date": invoice.issued.isoformat() if invoice.issued else "",
        "due_date": invoice.due.isoformat() if invoice.due else "",
        "currency": invoice.currency,
        "net_total": _money(totals.net),
        "tax_total": _money(totals.tax),
        "total": _money(totals.gross),
        "iban": _account(invoice, read),
        "vat_id": invoice.seller.vat_id,
    }
    return {name: value for name, value in values.items() if value}


def _money(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:.2f}"


def _account(invoice: EInvoice, read: Sequence[ExtractedField]) -> str:
    seen = {letters_and_digits(each.normalized) for each in read if each.name == "iban"}
    accounts = invoice.payment.accounts
    return next((each for each in accounts if letters_and_digits(each) in seen), accounts[0] if accounts else "")


def _doubted(invoice: EInvoice) -> frozenset[str]:
    return frozenset(name for broken in broken_sums(invoice) for name in _TOTALS_OF.get(broken.rule, ()))


def _field(
    spec: FieldSpec, said: str, read: ExtractedField, place: Place | None, *, doubted: bool
) -> ExtractedField:
    normalized, validations = read_value(spec, said)
    differs = read.value and not equal(spec.kind, read.normalized, normalized)
    other = (Alternative(read.value, read.confidence, read.page, read.bbox),) if differs else ()
    return replace(
        read,
        value=place.text if place else said,
        normalized=normalized,
        confidence=_BROKEN if doubted else 1.0,
        page=place.page if place else None,
        bbox=place.bbox if place else None,
        source=XML,
        alternatives=other,
        validations=validations,
        features={SOURCE_XML: 1.0},
    )


def _compare(
    invoice: EInvoice,
    specs: Mapping[str, FieldSpec],
    told: Mapping[str, str],
    places: Mapping[str, Place],
    read: Sequence[ExtractedField],
) -> Comparison:
    compared, found = set(), []
    for each in read:
        place = places.get(each.name)
        if not told.get(each.name) or each.name in _WRITTEN_BY_MANY or not (each.normalized or place):
            continue
        compared.add(each.name)
        if _differs(invoice, specs[each.name].kind, told[each.name], each, place):
            found.append(Difference(each.name, told[each.name], each.normalized, each.value, each.page, each.bbox))
        elif place and place.claim and _is_strange_total(invoice, each.name, place.claim.normalized):
            claim = place.claim
            found.append(
                Difference(each.name, told[each.name], claim.normalized, claim.text, claim.page, claim.bbox)
            )
    return Comparison(frozenset(compared), tuple(found))


def _differs(invoice: EInvoice, kind: FieldKind, told: str, read: ExtractedField, place: Place | None) -> bool:
    """Tell a page that says otherwise from one that was read at another place.

    What the page prints as well is no difference, whatever else was read; nor is, where the page leaves a value
    out, another one of the XML in its place. A total alone is printed on every page.
    """
    if not read.normalized or equal(kind, read.normalized, told):
        return False
    if kind is FieldKind.MONEY and _is_strange_total(invoice, read.name, read.normalized):
        return place is None or read.source == "label"
    if place is not None:
        return False
    if kind is FieldKind.MONEY:
        labelled_total = read.name == _TOTAL and read.source == "label"
        return labelled_total or read.normalized.lstrip("-") not in _amounts(invoice)
    if kind is FieldKind.DATE:
        return read.normalized not in _days(invoice)
    if kind is FieldKind.PARTY:
        return _alike(told, read.normalized) < _NAMED_ALIKE and read.confidence >= _NAMED_ALIKE
    return True


def _is_strange_total(invoice: EInvoice, name: str, amount: str) -> bool:
    """Tell a total that the XML does not hold in any place: the right one elsewhere is then no excuse."""
    return name == _TOTAL and amount.lstrip("-") not in _amounts(invoice)


def _days(invoice: EInvoice) -> frozenset[str]:
    """Give the days that the XML holds: one of them was read at another place."""
    return frozenset(day.isoformat() for day in (invoice.issued, invoice.due, invoice.delivered) if day)


def _amounts(invoice: EInvoice) -> frozenset[str]:
    """Give every amount that the XML holds, without signs."""
    totals = invoice.totals
    amounts = [totals.lines, totals.allowances, totals.charges, totals.net, totals.tax, totals.gross]
    amounts += [totals.prepaid, totals.rounding, totals.due]
    amounts += [amount for line in invoice.lines for amount in (line.net, line.price)]
    amounts += [amount for share in invoice.taxes for amount in (share.basis, share.amount, share.gross)]
    amounts += [each.amount for each in invoice.adjustments]
    return frozenset(_money(abs(amount)) for amount in amounts if amount is not None)


def _alike(one: str, other: str) -> float:
    """Give the share of the shorter name's words that the other has."""
    words, others = ({letters_and_digits(word) for word in text.split()} - {""} for text in (one, other))
    return len(words & others) / max(1, min(len(words), len(others)))
