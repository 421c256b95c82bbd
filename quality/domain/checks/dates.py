"""Dates that exist, stand in order, lie not in the future, and can be read one way only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import ClassVar

from ingestion.domain.normalize import find_dates, read_date
from ingestion.domain.schemas.fields import ExtractedField, FieldKind
from quality.domain.checks.check import Check
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier
from quality.domain.vocabulary import BIRTHS, MAY_LIE_AHEAD, title_of

_LATER_THAN_BIRTH = (
    "admission_date",
    "collected_at",
    "collected_date",
    "issue_date",
    "date_of_issue",
    "expiry_date",
)
BEFORE = (
    (BIRTHS, _LATER_THAN_BIRTH),
    (("admission_date",), ("discharge_date",)),
    (("discharge_date",), ("letter_date",)),
    (
        ("collected_at", "collected_date", "sample_date"),
        ("received_at", "received_date", "reported_at", "report_date"),
    ),
    (("received_at", "received_date"), ("reported_at", "report_date")),
    (("invoice_date", "issue_date"), ("due_date",)),
    (("issue_date", "date_of_issue"), ("expiry_date", "date_of_expiry")),
)
"""Pairs of dates of which the first may not lie after the second."""


def day_of(found: ExtractedField) -> date | None:
    """Give a date field's normalised day; None when it is no day."""
    try:
        return date.fromisoformat(found.normalized)
    except ValueError:
        return None


def evidence_at(facts: FactSet, found: ExtractedField, fix: str | None = None, **values: str) -> Evidence:
    """Point at a field, with its title and what is printed."""
    return Evidence(
        field=found.name,
        page=found.page,
        bbox=found.bbox,
        text=found.value,
        values={"title": title_of(facts, found.name), "printed": found.value, **values},
        fix=fix,
    )


class DateCheck(Check):
    """A question about the dates that the schema asks for."""

    tier: ClassVar[Tier] = Tier.DOMAIN
    dimension: ClassVar[Dimension] = Dimension.CONTENT
    severity: ClassVar[Severity] = Severity.MAJOR

    def applies_to(self, facts: FactSet) -> bool:
        """Ask where the schema knows a date."""
        return facts.schema is not None and any(spec.kind is FieldKind.DATE for spec in facts.schema.fields)

    def run(self, facts: FactSet) -> Outcome:
        """Gather what is wrong with the dates found; none found leaves the answer open."""
        dates = facts.of_kind(FieldKind.DATE)
        if not dates:
            return Outcome.unknown("no date was found")
        found = list(self.find(facts, dates))
        share = 1 - min(len(found), len(dates)) / len(dates)
        return Outcome.failed(*found, score=share) if found else Outcome.passed()

    def find(self, facts: FactSet, dates: tuple[ExtractedField, ...]) -> Iterator[Evidence]:
        """Yield what is wrong."""
        raise NotImplementedError


@dataclass(frozen=True)
class DatesValid(DateCheck):
    """A day that no calendar has is a misreading or a mistake, wherever on the page it stands."""

    id: ClassVar[str] = "dates_valid"
    message: ClassVar[str] = "%(title)s is not a date that exists: %(printed)s"
    recommendation: ClassVar[str] = "Compare it with the page and enter the day as it is printed."

    def run(self, facts: FactSet) -> Outcome:
        """Judge the fields, then what is printed and found its way into no field."""
        found = [*self.find(facts, facts.of_kind(FieldKind.DATE)), *self._printed(facts)]
        if found:
            return Outcome.failed(*found)
        known = facts.of_kind(FieldKind.DATE) or (facts.printed and facts.printed.days)
        return Outcome.passed() if known else Outcome.unknown("no date was found")

    def find(self, facts: FactSet, dates: tuple[ExtractedField, ...]) -> Iterator[Evidence]:
        """Yield dates without a normalised day."""
        for found in dates:
            if day_of(found) is None:
                yield evidence_at(facts, found)

    def _printed(self, facts: FactSet) -> Iterator[Evidence]:
        """Yield impossible dates on the page; the first date field without a value is the likeliest owner."""
        named = {found.value for found in facts.of_kind(FieldKind.DATE)}
        empty = [spec for spec in facts.schema.fields if spec.kind is FieldKind.DATE] if facts.schema else []
        owners = iter([spec for spec in empty if facts.get(spec.name) is None])
        for day in facts.printed.impossible if facts.printed else ():
            if day.text in named:
                continue
            owner = next(owners, None)
            title = owner.title if owner else "A date on the page"
            values = {"title": title, "printed": day.text}
            yield Evidence(owner.name if owner else None, day.page, day.bbox, day.text, values)


@dataclass(frozen=True)
class DatesInOrder(DateCheck):
    """Nobody is discharged before admission; nothing falls due before it is invoiced."""

    id: ClassVar[str] = "dates_in_order"
    message: ClassVar[str] = "%(title)s (%(printed)s) lies before %(other)s (%(other_printed)s)"
    recommendation: ClassVar[str] = "Compare both dates with the page; day and month may be swapped."

    def find(self, facts: FactSet, dates: tuple[ExtractedField, ...]) -> Iterator[Evidence]:
        """Yield each pair in the wrong order, at the later event, with the swapped day where that mends it."""
        by_name = {found.name: found for found in dates}
        pairs = (pair for firsts, seconds in BEFORE for pair in product(firsts, seconds))
        for first, second in pairs:
            if first in by_name and second in by_name:
                yield from self._compare(facts, by_name[first], by_name[second])

    def _compare(self, facts: FactSet, first: ExtractedField, second: ExtractedField) -> Iterator[Evidence]:
        start, end = day_of(first), day_of(second)
        if start is None or end is None or start <= end:
            return
        swapped = other_reading(second)
        fix = swapped if swapped and swapped >= first.normalized else None
        other = {"other": title_of(facts, first.name), "other_printed": first.value}
        yield evidence_at(facts, second, fix, **other)


@dataclass(frozen=True)
class DateNotInFuture(DateCheck):
    """What has happened cannot lie ahead; due and expiry dates may."""

    id: ClassVar[str] = "date_not_in_future"
    message: ClassVar[str] = "%(title)s lies in the future: %(printed)s"
    recommendation: ClassVar[str] = "Compare it with the page; day and month or the year may be misread."

    def find(self, facts: FactSet, dates: tuple[ExtractedField, ...]) -> Iterator[Evidence]:
        """Yield dates after today, with the swapped day where that one has passed."""
        for found in dates:
            day = day_of(found)
            if day is None or day <= facts.today or any(part in found.name for part in MAY_LIE_AHEAD):
                continue
            swapped = other_reading(found)
            yield evidence_at(facts, found, swapped if swapped and swapped <= facts.today.isoformat() else None)


@dataclass(frozen=True)
class DateAmbiguous(DateCheck):
    """03/04/2024 is two days, unless another date of the same document settles which number is the month."""

    id: ClassVar[str] = "date_ambiguous"
    severity: ClassVar[Severity] = Severity.MINOR
    message: ClassVar[str] = "%(title)s can be read two ways: %(printed)s is %(normalized)s or %(other)s"
    recommendation: ClassVar[str] = "Take the reading that fits the sender's country."

    def find(self, facts: FactSet, dates: tuple[ExtractedField, ...]) -> Iterator[Evidence]:
        """Yield ambiguous dates; none when one printed date of the document can be read one way only."""
        if (facts.printed and facts.printed.settled) or any(_settles(found) for found in dates):
            return
        for found in dates:
            other = other_reading(found)
            if other:
                yield evidence_at(facts, found, other, normalized=found.normalized, other=other)


def other_reading(found: ExtractedField) -> str | None:
    """Give the day that the printed date also is when day and month change places; None when there is none."""
    reading = read_date(found.value)
    if reading is None or not reading.ambiguous:
        return None
    return reading.other_iso if reading.iso == found.normalized else reading.iso


def _settles(found: ExtractedField) -> bool:
    return any(
        match.form in ("num4", "num2") and (match.numbers[0] > 12) != (match.numbers[1] > 12)
        for match in find_dates(found.value)
    )


@dataclass(frozen=True)
class NotExpired(DateCheck):
    """An identity document is worth something until the day printed on it."""

    id: ClassVar[str] = "not_expired"
    dimension: ClassVar[Dimension] = Dimension.FRESHNESS
    message: ClassVar[str] = "The document expired on %(printed)s"
    recommendation: ClassVar[str] = "Ask for a document that is still valid."
    names: tuple[str, ...] = ("expiry_date", "date_of_expiry", "valid_until", "expiration_date")

    def applies_to(self, facts: FactSet) -> bool:
        """Ask where the schema knows an expiry."""
        return any(facts.spec(name) for name in self.names)

    def run(self, facts: FactSet) -> Outcome:
        """Compare the expiry with today."""
        found = facts.get(*self.names)
        day = day_of(found) if found else None
        if found is None or day is None:
            return Outcome.unknown("no expiry date was read")
        return Outcome.failed(evidence_at(facts, found)) if day < facts.today else Outcome.passed()
