"""Which way of finding suits a field: its kind, its place and its name decide, never the document's class."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ingestion.domain.extraction import headings, parties, receipt_heads, signal_weights
from ingestion.domain.extraction.amount_sums import Sums, sum_signals, weigh_sums
from ingestion.domain.extraction.anchors import Hits
from ingestion.domain.extraction.candidates import Candidate, Found, best_of_each
from ingestion.domain.extraction.currency_marks import currencies
from ingestion.domain.extraction.diagnosis_codes import code_lists
from ingestion.domain.extraction.free_text import texts_behind
from ingestion.domain.extraction.identifiers import identifiers
from ingestion.domain.extraction.labelled_values import amounts_on, candidates_among, dates_on
from ingestion.domain.extraction.labels import find_labels
from ingestion.domain.extraction.mrz_fields import from_zone, joined, zone_of
from ingestion.domain.extraction.postal_addresses import PostalBlock, postal_blocks
from ingestion.domain.layout.text_rows import Sheet, Span
from ingestion.domain.normalize import DateOrder
from ingestion.domain.normalize.mrz import Zone
from ingestion.domain.normalize.values import BIRTHS
from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec

TOTALS = ("total", "grand_total", "total_amount", "amount_due")
LONGEST_WHOLE = 6  # characters of an amount printed without cents
_OWN_NUMBERS = ("invoice_number", "receipt_number", "report_number")
_UNLABELLED_DATES = ("invoice_date", "date", "receipt_date")  # every such document is dated, labelled or not
_OWN_DATES = ("invoice_date", "date", "reported_at")
_SELLER_NAMES = ("company", "merchant", "shop", "store")


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was seen on a document's pages, gathered once for all fields."""

    sheet: Sheet
    hits: Hits
    dates: tuple[Found, ...]
    births: tuple[Found, ...]
    amounts: tuple[Found, ...]
    sums: Sums
    zone: tuple[Zone, tuple[Span, ...]] | None
    blocks: tuple[PostalBlock, ...]
    owners: tuple[str, ...]
    latest: date | None


def gather(sheet: Sheet, schema: SchemaSpec, order: DateOrder, latest: date | None) -> Evidence:
    """Read a sheet's labels, dates, amounts and zone."""
    amounts = tuple(amounts_on(sheet))
    hits = find_labels(sheet, schema)
    owners = tuple(spec.name for spec in schema.fields if spec.kind is FieldKind.PARTY)
    return Evidence(
        sheet=sheet,
        hits=hits,
        dates=tuple(dates_on(sheet, order, None)),
        births=tuple(dates_on(sheet, order, latest)),
        amounts=amounts,
        sums=weigh_sums(amounts),
        zone=zone_of(sheet),
        blocks=tuple(postal_blocks(sheet, hits)),
        owners=owners,
        latest=latest,
    )


def _ranked(candidates: Iterable[Candidate], scale: signal_weights.Weights) -> list[Candidate]:
    return best_of_each(candidate.scored(scale) for candidate in candidates)


def _dates(seen: Evidence, spec: FieldSpec) -> list[Candidate]:
    if spec.name in BIRTHS:
        found, scale = seen.births, signal_weights.BIRTH
    else:
        found, scale = seen.dates, signal_weights.DATE if spec.position == "top" else signal_weights.DATE_ANYWHERE
    made = candidates_among(seen.sheet, spec, seen.hits, found)
    unlabelled = not spec.labels or spec.name in _UNLABELLED_DATES
    made = [each for each in made if each.signals.get("label") or (unlabelled and not each.signals["impossible"])]
    if spec.name in _OWN_DATES:
        titled = {item.span for item in headings.titled_dates(seen.sheet, list(found))}
        made = [each.with_signals(title=1.0) if each.spans[0] in titled else each for each in made]
    return _ranked(made, scale)


def _plausible(candidate: Candidate) -> bool:
    """Tell an amount from a count or a number of something: it has its cents, or a mark, or a label beside it."""
    signals = candidate.signals
    if signals["exact"] or (signals["marked"] and signals.get("label")):
        return True
    return bool(signals.get("right")) and len(candidate.value) <= LONGEST_WHOLE


def _money(seen: Evidence, spec: FieldSpec) -> list[Candidate]:
    made = [each for each in candidates_among(seen.sheet, spec, seen.hits, seen.amounts) if _plausible(each)]
    if spec.name not in TOTALS:
        return _ranked((each for each in made if each.signals.get("label")), signal_weights.MONEY)
    return _ranked((each.with_signals(**sum_signals(each, seen.sums)) for each in made), signal_weights.TOTAL)


def _parties(seen: Evidence, spec: FieldSpec, owner: str) -> list[Candidate]:
    made = list(parties.behind_labels(seen.sheet, spec, seen.hits))
    made += parties.in_sections(seen.sheet, spec, seen.hits, owner)
    if spec.position == "top" and spec.name != "patient":
        made += parties.above_addresses(spec, owner, seen.blocks, seen.owners)
        if spec.kind is FieldKind.PARTY and spec.name != "customer":
            made += parties.in_letterhead(seen.sheet, spec, seen.hits)
    return _ranked(made, signal_weights.ADDRESS if spec.kind is FieldKind.ADDRESS else signal_weights.PARTY)


def _owner(spec: FieldSpec) -> str:
    return spec.name.removesuffix("_address").removesuffix("_name")


def find_candidates(seen: Evidence, schema: SchemaSpec, spec: FieldSpec) -> list[Candidate]:
    """Give the candidates of one field, the likeliest first, one for each normalised value."""
    zone = from_zone(spec, *seen.zone, seen.latest) if seen.zone else None
    printed = _on_the_page(seen, schema, spec)
    if zone is None:
        return printed
    return joined(zone.scored(signal_weights.ZONE), printed)


def _on_the_page(seen: Evidence, schema: SchemaSpec, spec: FieldSpec) -> list[Candidate]:
    if spec.kind is FieldKind.DATE:
        return _dates(seen, spec)
    if spec.kind is FieldKind.MONEY:
        return _money(seen, spec)
    if spec.kind is FieldKind.IDENTIFIER:
        titled = headings.titled_numbers(seen.sheet, spec) if spec.name in _OWN_NUMBERS else ()
        return _ranked([*identifiers(seen.sheet, spec, seen.hits), *titled], signal_weights.IDENTIFIER)
    if spec.kind is FieldKind.CURRENCY:
        return _ranked(currencies(seen.sheet, spec, seen.hits), signal_weights.CURRENCY)
    if spec.kind is FieldKind.CODE_LIST:
        return _ranked(code_lists(seen.sheet, spec, seen.hits), signal_weights.CODES)
    if spec.kind is FieldKind.PARTY and spec.name in _SELLER_NAMES:
        return _ranked(receipt_heads.names(seen.sheet), signal_weights.RECEIPT_NAME)
    if spec.kind is FieldKind.ADDRESS and not spec.labels and spec.position == "top":
        return _seller_addresses(seen, schema)
    if spec.kind in (FieldKind.PARTY, FieldKind.ADDRESS):
        return _parties(seen, spec, _owner(spec))
    return (
        _ranked(texts_behind(seen.sheet, spec, seen.hits), signal_weights.TEXT)
        if spec.kind is not FieldKind.MRZ
        else []
    )


def _seller_addresses(seen: Evidence, schema: SchemaSpec) -> list[Candidate]:
    named = any(spec.name in _SELLER_NAMES for spec in schema.fields)
    seller = _ranked(receipt_heads.names(seen.sheet), signal_weights.RECEIPT_NAME)[:1] if named else []
    return _ranked(
        receipt_heads.addresses(seen.sheet, seller[0] if seller else None), signal_weights.RECEIPT_ADDRESS
    )
