"""Order of day and month in a document, by its dates that leave no doubt, by what must come later, by its country."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ingestion.domain.normalize.calendars import GREGORIAN
from ingestion.domain.normalize.date_patterns import NUMERIC_FORMS
from ingestion.domain.normalize.dates import DateMatch
from ingestion.domain.normalize.letters import fold
from ingestion.domain.normalize.origin import AMERICA, FAIR, WEAK, count_origins
from ingestion.domain.schemas.kinds import DateOrder

DatedLine = tuple[str, Sequence[DateMatch]]
"""Line of a document's text, and the dates that were found in it."""

_CHOICES: tuple[DateOrder, DateOrder] = ("dmy", "mdy")
_INVOICE_DATE = (
    r"\b(?:invoice|issue|bill|statement|document) ?date|\bdate of (?:invoice|issue)|\bissued|rechnungsdatum"
    r"|date de facture|date d.emission|data fattura|fecha de (?:factura|expedicion)|factuurdatum|fakturadatum"
    r"|^date\b|\tdate\b"
)
_DUE_DATE = (
    r"\bdue\b|\b(?:pay|payable|payment) (?:by|before|until|date)|\bexpir|\bvalid (?:until|to)\b|fallig|zahlbar"
    r"|zahlungsziel|echeance|scadenza|vencimiento|vervaldatum|forfal"
)
_SEQUENCES = tuple(  # label of an earlier date, label of a later one
    (re.compile(earlier), re.compile(later))
    for earlier, later in (
        (_INVOICE_DATE, _DUE_DATE),
        (r"\badmi(?:ssion|tted)|aufnahme|date d.entree", r"\bdischarge|entlass|date de sortie"),
        (r"\bcollect(?:ed|ion)|\bsampl|entnahme|preleve", r"\breported|\bverified|\bvalidated|befunddatum|\bprinted"),
        (r"\b(?:date of )?birth\b|\bdob\b|geburt|date de naissance", r"\badmi|\bcollected|\breported|\bissue|\bexpir"),
    )
)
_TERM = re.compile(
    r"\b(?:net|within|innerhalb von|sous|binnen|terms:?)\W{0,3}(\d{1,3})\b|\b(\d{1,3}) (?:days|tagen?|jours)\b"
)


@dataclass(frozen=True, slots=True)
class DateOrderDecision:
    """Order of day and month; `is_settled` if the dates of the document decide it, not only its country."""

    order: DateOrder
    is_settled: bool


@dataclass(frozen=True, slots=True)
class _LabelledDate:
    match: DateMatch
    label: str

    @property
    def is_numeric(self) -> bool:
        """Return whether it is printed in numbers whose order may be in doubt."""
        return self.match.form in NUMERIC_FORMS and self.match.calendar == GREGORIAN


def decide_order_of_lines(lines: Sequence[DatedLine]) -> DateOrderDecision:
    """Return the order of day and month in these lines of text, from the best evidence that they have.

    That is, in this order: dates with a number over twelve; the same day printed in words; a due date that may not be
    before the invoice date; American notation, unless other countries prevail; otherwise day first.
    """
    rows = [text for text, _ in lines]
    dates = list(_labelled_dates(lines))
    settled = _settled_order(rows, dates)
    return DateOrderDecision(settled or ("mdy" if _is_american(rows, dates) else "dmy"), settled is not None)


def is_date_order_settled(lines: Iterable[DatedLine]) -> bool:
    """Return whether the dates of these lines show their order (see decide_order_of_lines)."""
    dated = list(lines)
    return _settled_order([text for text, _ in dated], list(_labelled_dates(dated))) is not None


def _settled_order(rows: Sequence[str], dates: Sequence[_LabelledDate]) -> DateOrder | None:
    numeric = [each for each in dates if each.is_numeric]
    if numeric:
        for votes in (_by_number(numeric), _by_words(dates, numeric), _by_sequence(numeric, rows)):
            if votes["dmy"] != votes["mdy"]:
                return max(_CHOICES, key=lambda choice: votes[choice])
    return None


def _is_american(rows: Sequence[str], dates: Sequence[_LabelledDate]) -> bool:
    """Return whether American notation prevails; the currency alone, which the world uses, is not enough."""
    origins = count_origins(rows)
    forms = {each.match.form for each in dates}
    month_first = FAIR if "mond" in forms and "dmon" not in forms else 0  # March 4, 2026
    others = max((weight for country, weight in origins.items() if country != AMERICA), default=0)
    return origins[AMERICA] + month_first > max(others, WEAK)


def _labelled_dates(lines: Sequence[DatedLine]) -> Iterator[_LabelledDate]:
    """Yield the dates with the text before them in their row, or the row above if that one has none."""
    above = ""
    for row, dates in lines:
        begin = 0
        for match in dates:
            label = fold(row[begin : match.start])
            yield _LabelledDate(match, label if any(map(str.isalpha, label)) else fold(above))
            begin = match.stop
        above = row


def _votes() -> dict[DateOrder, int]:
    return {"dmy": 0, "mdy": 0}


def _by_number(numeric: Sequence[_LabelledDate]) -> dict[DateOrder, int]:
    votes = _votes()
    for each in numeric:
        first, second, _ = each.match.numbers
        if (first > 12) != (second > 12):
            votes["dmy" if first > 12 else "mdy"] += 1
    return votes


def _day(match: DateMatch, order: DateOrder) -> date | None:
    reading = match.read(order)
    return date.fromisoformat(reading.iso) if reading else None


def _by_words(dates: Sequence[_LabelledDate], numeric: Sequence[_LabelledDate]) -> dict[DateOrder, int]:
    """Count the numeric dates that another notation repeats ("03/04/2026", "March 4, 2026")."""
    sure = {reading.iso for each in dates if not each.is_numeric and (reading := each.match.read()) is not None}
    votes = _votes()
    for each in numeric:
        days = {choice: _day(each.match, choice) for choice in _CHOICES}
        for choice, day in days.items():
            votes[choice] += bool(day and day.isoformat() in sure and days["dmy"] != days["mdy"])
    return votes


def _by_sequence(numeric: Sequence[_LabelledDate], rows: Sequence[str]) -> dict[DateOrder, int]:
    """Count the orders in which a later date is not before an earlier one, and is a term of payment after it."""
    terms = {int(hit[1] or hit[2]) for row in rows for hit in _TERM.finditer(fold(row))}
    votes = _votes()
    for first, second in _SEQUENCES:
        earlier = [each.match for each in numeric if first.search(each.label) and not second.search(each.label)]
        later = [each.match for each in numeric if second.search(each.label)]
        if earlier and later:
            for choice in _CHOICES:
                begin, end = _day(earlier[0], choice), _day(later[0], choice)
                days = (end - begin).days if begin and end else -1
                votes[choice] += (days >= 0) + 2 * (days in terms)
    return votes
