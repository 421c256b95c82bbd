"""Mapping of an e-invoice to an invoice's fields, normalised like a page's values, and comparison with the page.

The XML is authoritative (EN 16931: the structured part counts). The page displays it for people: a different value
there leads to payment of a wrong sum, to a wrong account, or twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ingestion.domain.einvoice.model import EInvoice
from ingestion.domain.einvoice.page_places import PrintedLocation, is_equivalent, locate_values
from ingestion.domain.einvoice.rules import broken_sums
from ingestion.domain.layout.text_rows import DocumentRows
from ingestion.domain.normalize import letters_and_digits
from ingestion.domain.normalize.values import read_value
from ingestion.domain.schemas.fields import Alternative, ExtractedField, FieldKind, FieldSpec, SchemaSpec
from ingestion.domain.schemas.kinds import NumberStyle
from refinery.core.types import BoundingBox

XML_SOURCE = "xml"
XML_FEATURE = "source_xml"
"""Feature of values that come from the XML and not from reading: no model of readings learns from them."""

_XML_NUMBERS = NumberStyle(".")
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
_FIELDS_OF_RULE = {
    "BR-CO-13": ("net_total",),
    "BR-CO-14": ("tax_total",),
    "BR-CO-15": ("net_total", "tax_total", "total"),
}
_TOTAL = "total"  # every page prints it: another amount of the XML there is not a misread position
_BROKEN_SUM_CONFIDENCE = 0.5
_MIN_NAME_SIMILARITY = 0.5
_NOT_COMPARED = frozenset({"supplier_address"})  # each page formats it differently: no difference is reported


@dataclass(frozen=True, slots=True)
class EInvoiceDifference:
    """Field on which page and XML disagree: both values are normalised, `text` is as printed, with its place."""

    field: str
    xml_value: str
    page_value: str
    text: str
    page: int | None = None
    bbox: BoundingBox | None = None


@dataclass(frozen=True, slots=True)
class EInvoiceComparison:
    """Result of comparing an e-invoice with its page: which fields could be compared, and which differ."""

    compared: frozenset[str] = frozenset()
    differences: tuple[EInvoiceDifference, ...] = ()


@dataclass(frozen=True, slots=True)
class MappedEInvoice:
    """Fields of an invoice from the XML, or from the page if the XML has none, and their comparison."""

    fields: tuple[ExtractedField, ...]
    comparison: EInvoiceComparison


def map_einvoice(
    invoice: EInvoice,
    doc: DocumentRows,
    schema: SchemaSpec,
    read: Sequence[ExtractedField],
    *,
    today: date | None = None,
) -> MappedEInvoice:
    """Replace the values `read` from the pages by those of the XML, each with its place there, and compare them."""
    raw_values = einvoice_values(invoice, read)
    specs = {
        spec.name: spec for spec in schema.fields if _KINDS.get(spec.name) == spec.kind and spec.name in raw_values
    }
    xml_values = {name: read_value(spec, raw_values[name], numbers=_XML_NUMBERS)[0] for name, spec in specs.items()}
    places = locate_values(doc, schema, xml_values, today=today)
    unreliable = _unreliable_fields(invoice)
    fields = tuple(
        _mapped_field(
            specs[each.name], raw_values[each.name], each, places.get(each.name), unreliable=each.name in unreliable
        )
        if xml_values.get(each.name)
        else each
        for each in read
    )
    return MappedEInvoice(fields, _compare(invoice, specs, xml_values, places, read))


def einvoice_values(invoice: EInvoice, read: Sequence[ExtractedField] = ()) -> dict[str, str]:
    """Return the XML's values by field name of the invoice schema; of several accounts the one that was read."""
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
    if amount is None:
        return ""
    return f"{amount:.2f}" if amount == round(amount, 2) else f"{amount:.3f}"


def _account(invoice: EInvoice, read: Sequence[ExtractedField]) -> str:
    seen = {letters_and_digits(each.normalized) for each in read if each.name == "iban"}
    accounts = invoice.payment.accounts
    return next((each for each in accounts if letters_and_digits(each) in seen), accounts[0] if accounts else "")


def _unreliable_fields(invoice: EInvoice) -> frozenset[str]:
    return frozenset(name for broken in broken_sums(invoice) for name in _FIELDS_OF_RULE.get(broken.rule, ()))


def _mapped_field(
    spec: FieldSpec, raw_value: str, read: ExtractedField, place: PrintedLocation | None, *, unreliable: bool
) -> ExtractedField:
    normalized, validations = read_value(spec, raw_value, numbers=_XML_NUMBERS)
    differs = read.value and not is_equivalent(spec.kind, read.normalized, normalized)
    other = (Alternative(read.value, read.confidence, read.page, read.bbox),) if differs else ()
    return replace(
        read,
        value=place.text if place else raw_value,
        normalized=normalized,
        confidence=_BROKEN_SUM_CONFIDENCE if unreliable else 1.0,
        page=place.page if place else None,
        bbox=place.bbox if place else None,
        source=XML_SOURCE,
        alternatives=other,
        validations=validations,
        features={XML_FEATURE: 1.0},
    )


def _compare(
    invoice: EInvoice,
    specs: Mapping[str, FieldSpec],
    xml_values: Mapping[str, str],
    places: Mapping[str, PrintedLocation],
    read: Sequence[ExtractedField],
) -> EInvoiceComparison:
    compared, found = set(), []
    for each in read:
        place = places.get(each.name)
        if not xml_values.get(each.name) or each.name in _NOT_COMPARED or not (each.normalized or place):
            continue
        compared.add(each.name)
        if _is_difference(invoice, specs[each.name].kind, xml_values[each.name], each, place):
            found.append(
                EInvoiceDifference(each.name, xml_values[each.name], each.normalized, each.value, each.page, each.bbox)
            )
        elif place and place.rival and _is_unknown_total(invoice, each.name, place.rival.normalized):
            claim = place.rival
            found.append(
                EInvoiceDifference(
                    each.name, xml_values[each.name], claim.normalized, claim.text, claim.page, claim.bbox
                )
            )
    return EInvoiceComparison(frozenset(compared), tuple(found))


def _is_difference(
    invoice: EInvoice, kind: str, xml_value: str, read: ExtractedField, place: PrintedLocation | None
) -> bool:
    """Return whether the page contradicts the XML, as opposed to a value read from a wrong place.

    A value that the page prints as well is not a difference, regardless of the value read. If the page omits the value,
    another value of the XML read in its place is not one either, except for a total, which every page prints.
    """
    if not read.normalized or is_equivalent(kind, read.normalized, xml_value):
        return False
    if kind == FieldKind.MONEY and _is_unknown_total(invoice, read.name, read.normalized):
        return place is None or read.source == "label"
    if place is not None:
        return False
    if kind == FieldKind.MONEY:
        labelled_total = read.name == _TOTAL and read.source == "label"
        return labelled_total or abs(Decimal(read.normalized)) not in _amounts(invoice)
    if kind == FieldKind.DATE:
        return read.normalized not in _days(invoice)
    if kind == FieldKind.PARTY:
        return (
            _name_similarity(xml_value, read.normalized) < _MIN_NAME_SIMILARITY
            and read.confidence >= _MIN_NAME_SIMILARITY
        )
    return True


def _is_unknown_total(invoice: EInvoice, name: str, amount: str) -> bool:
    """Return whether a total differs from every amount of the XML; the correct one elsewhere is then no excuse."""
    return name == _TOTAL and abs(Decimal(amount)) not in _amounts(invoice)


def _days(invoice: EInvoice) -> frozenset[str]:
    """Return the days in the XML; a read day among them comes from another place."""
    return frozenset(day.isoformat() for day in (invoice.issued, invoice.due, invoice.delivered) if day)


def _amounts(invoice: EInvoice) -> frozenset[Decimal]:
    """Return every amount in the XML, without signs."""
    totals = invoice.totals
    amounts = [totals.lines, totals.allowances, totals.charges, totals.net, totals.tax, totals.gross]
    amounts += [totals.prepaid, totals.rounding, totals.due]
    amounts += [amount for line in invoice.lines for amount in (line.net, line.price)]
    amounts += [amount for share in invoice.taxes for amount in (share.basis, share.amount, share.gross)]
    amounts += [each.amount for each in invoice.adjustments]
    return frozenset(abs(Decimal(_money(amount))) for amount in amounts if amount is not None)


def _name_similarity(one: str, other: str) -> float:
    """Return the share of the shorter name's words that the other contains."""
    words, others = ({letters_and_digits(word) for word in text.split()} - {""} for text in (one, other))
    return len(words & others) / max(1, min(len(words), len(others)))
