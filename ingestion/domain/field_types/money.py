"""Amounts of money."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

from ingestion.domain.extraction import signal_weights
from ingestion.domain.extraction.amount_roles import AmountRole
from ingestion.domain.extraction.amount_rows import AmountRow
from ingestion.domain.extraction.amount_sums import may_hold_tax, sum_signals
from ingestion.domain.extraction.candidates import FieldCandidate, ranked
from ingestion.domain.extraction.finders import ExtractionContext, FieldType
from ingestion.domain.extraction.labelled_values import candidates_from
from ingestion.domain.extraction.tax_rates import places_of_rates, summed_bases, summed_taxes
from ingestion.domain.normalize import read_amount
from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec, Validation
from ingestion.domain.schemas.kinds import DateOrder, FieldExample, NumberStyle

TOTALS = ("total", "grand_total", "total_amount", "amount_due")
NETS = ("net_total", "subtotal", "net_amount")
TAXES = ("tax_total", "tax_amount", "vat_amount")
_Place = tuple[int, int]  # a row, and a character of it
_NO_SUMS = frozenset(AmountRole) - {AmountRole.SUM, AmountRole.TAX, AmountRole.OTHER, AmountRole.BALANCE}
MAX_WHOLE_AMOUNT_CHARS = 6  # characters of an amount printed without cents


def _normalize(text: str, order: DateOrder, latest: date | None, numbers: NumberStyle) -> str | None:
    found = read_amount(text, numbers)
    return found.normalized if found else None


def _validate(value: str) -> Validation:
    try:
        Decimal(value)
    except InvalidOperation:
        return Validation("money_parses", ok=False, message="This is not an amount of money.")
    return Validation("money_parses", ok=True)


def _comparison_key(value: str, normalized: str | None) -> str:
    """Return the amount with at most the decimals that count: 1234.750 is 1234.75."""
    return value.strip() if normalized is None else f"{Decimal(normalized):.3f}"


def _plausible(candidate: FieldCandidate) -> bool:
    """Return whether it is an amount, not a count or an identifier: it has cents, a currency, or a label beside it."""
    signals = candidate.signals
    if signals["exact"] or (signals["marked"] and signals.get("label")):
        return True
    is_short = len(candidate.value) <= MAX_WHOLE_AMOUNT_CHARS
    return bool(signals.get("right")) and (is_short or bool(signals.get("grouped")))


def _find(context: ExtractionContext, schema: SchemaSpec, spec: FieldSpec) -> list[FieldCandidate]:
    made = [each for each in candidates_from(context.doc, spec, context.hits, context.amounts) if _plausible(each)]
    if spec.name in (*TOTALS, *NETS, *TAXES):
        made = _marked(made, "adjustment", _places_of_adjustments(context.amount_rows))
    if spec.name in TOTALS:
        return ranked((each.with_signals(**sum_signals(each, context.sums)) for each in made), signal_weights.TOTAL)
    if spec.name in (*NETS, *TAXES):
        made = _marked(made, "one_rate", places_of_rates(context.amount_rows))
        made.extend((summed_taxes if spec.name in TAXES else summed_bases)(context.amount_rows))
    return ranked((each for each in made if each.signals.get("label")), signal_weights.MONEY)


def _marked(found: Iterable[FieldCandidate], signal: str, places: Collection[_Place]) -> list[FieldCandidate]:
    return [each.with_signals(**{signal: float(_place_of(each) in places)}) for each in found]


def _place_of(candidate: FieldCandidate) -> _Place:
    return candidate.spans[0].row.index, candidate.spans[0].start


def _places_of_adjustments(rows: Iterable[AmountRow]) -> frozenset[_Place]:
    """Return the places of amounts that are added, deducted or carried over: none is a sum of the document."""
    return frozenset((row.span.row.index, row.span.start) for row in rows if row.role in _NO_SUMS)


def _is_suggested(context: ExtractionContext, spec: FieldSpec, taken: Collection[str]) -> bool:
    return may_hold_tax(context.sums)


FIELD_TYPE = FieldType(
    key=FieldKind.MONEY,
    title="Money",
    normal_form="Decimal point, two digits (three in currencies that have them), no currency: `1284.50`",
    normalize=_normalize,
    validate=_validate,
    comparison_key=_comparison_key,
    find=_find,
    is_suggested=_is_suggested,
    examples=(
        FieldExample("1.284,50 €", "1284.50", same=("1,284.50", "EUR 1284.50")),
        FieldExample("RM 9.00", "9.00", same=("9.00",)),
        FieldExample("1 250 000 Ft", "1250000.00", same=("1.250.000,- Ft", "1250000")),
        FieldExample("KWD 1,234.750", "1234.750", same=("1234.75",)),
        FieldExample("₹ 1,23,456.00", "123456.00", same=("123456",)),
        FieldExample("108.43 CR", "-108.43", same=("108.43-", "(108.43)")),
    ),
    confidence_offset=-0.5,
    shown_as="amount",
    notation="numbers",
    has_fragments=False,
)
