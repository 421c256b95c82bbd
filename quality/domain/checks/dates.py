"""Checks of dates: they exist, are in order, are not in the future, and are unambiguous."""

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
from quality.domain.vocabulary import BIRTH_DATE_FIELDS, FUTURE_DATE_PARTS, title_of

ORDER = 70

_LATER_THAN_BIRTH = ("admission_date", "collected_at", "collected_date", "issue_date", "date_of_issue", "expiry_date")
DATE_ORDER = (
    (BIRTH_DATE_FIELDS, _LATER_THAN_BIRTH),
    (("admission_date",), ("discharge_date",)),
    (("discharge_date",), ("letter_date",)),
    (("collected_at", "collected_date", "sample_date"), ("received_at", "received_date", "reported_at", "report_date")),
    (("received_at", "received_date"), ("reported_at", "report_date")),
    (("invoice_date", "issue_date"), ("due_date",)),
    (("issue_date", "date_of_issue"), ("expiry_date", "date_of_expiry")),
)
"""Pairs of dates of which the first may not be after the second."""


def parsed_day(found: ExtractedField) -> date | None:
    """Return a date field's normalised day; None if it is not a valid day."""
    try:
        return date.fromisoformat(found.normalized)
    except ValueError:
        return None


def evidence_at(facts: FactSet, found: ExtractedField, fix: str | None = None, **values: str) -> Evidence:
    """Return evidence for a field, with its title and printed value."""
    return Evidence.of_field(found, {"title": title_of(facts, found.name), "printed": found.value, **values}, fix)


class DateCheck(Check):
    """Base class of checks on the dates of the schema."""

    tier: ClassVar[Tier] = Tier.DOMAIN
    dimension: ClassVar[Dimension] = Dimension.CONTENT
    severity: ClassVar[Severity] = Severity.MAJOR

    def applies_to(self, facts: FactSet) -> bool:
        """Apply if the schema has a date."""
        return facts.schema is not None and facts.schema.has_kind(FieldKind.DATE)

    def run(self, facts: FactSet) -> Outcome:
        """Collect the findings on the dates; UNKNOWN if no date was found."""
        dates = facts.of_kind(FieldKind.DATE)
        if not dates:
            return Outcome.unknown("no date was found")
        found = list(self.find(facts, dates))
        share = 1 - min(len(found), len(dates)) / len(dates)
        return Outcome.failed(*found, score=share) if found else Outcome.passed()

    def find(self, facts: FactSet, dates: tuple[ExtractedField, ...]) -> Iterator[Evidence]:
        """Yield the findings."""
        raise NotImplementedError


@dataclass(frozen=True)
class DatesValid(DateCheck):
    """Dates exist in the calendar, in fields and anywhere else on the page."""

    id: ClassVar[str] = "dates_valid"
    message: ClassVar[str] = "%(title)s is not a valid date: %(printed)s"
    recommendation: ClassVar[str] = "Compare it with the page and enter the day as it is printed."

    def run(self, facts: FactSet) -> Outcome:
        """Check the fields, then printed dates that are in no field."""
        found = [*self.find(facts, facts.of_kind(FieldKind.DATE)), *self._printed(facts)]
        if found:
            return Outcome.failed(*found)
        known = facts.of_kind(FieldKind.DATE) or (facts.printed_dates and facts.printed_dates.days)
        return Outcome.passed() if known else Outcome.unknown("no date was found")

    def find(self, facts: FactSet, dates: tuple[ExtractedField, ...]) -> Iterator[Evidence]:
        """Yield dates without a normalised day."""
        for found in dates:
            if parsed_day(found) is None:
                yield evidence_at(facts, found)

    def _printed(self, facts: FactSet) -> Iterator[Evidence]:
        """Yield impossible dates on the page; assign each to the next date field without a value."""
        named = {found.value for found in facts.of_kind(FieldKind.DATE)}
        empty = [spec for spec in facts.schema.fields if spec.kind == FieldKind.DATE] if facts.schema else []
        owners = iter([spec for spec in empty if facts.get(spec.name) is None])
        for day in facts.printed_dates.impossible if facts.printed_dates else ():
            if day.text in named:
                continue
            owner = next(owners, None)
            title = owner.title if owner else "A date on the page"
            values = {"title": title, "printed": day.text}
            yield Evidence(owner.name if owner else None, day.page, day.bbox, day.text, values)


@dataclass(frozen=True)
class DatesInOrder(DateCheck):
    """Dates are in order: admission before discharge, invoice date before due date."""

    id: ClassVar[str] = "dates_in_order"
    message: ClassVar[str] = "%(title)s (%(printed)s) is before %(other)s (%(other_printed)s)"
    recommendation: ClassVar[str] = "Compare both dates with the page; day and month may be swapped."

    def find(self, facts: FactSet, dates: tuple[ExtractedField, ...]) -> Iterator[Evidence]:
        """Yield each pair in the wrong order, at the later event; fix it with the swapped day if that helps."""
        by_name = {found.name: found for found in dates}
        pairs = (pair for firsts, seconds in DATE_ORDER for pair in product(firsts, seconds))
        for first, second in pairs:
            if first in by_name and second in by_name:
                yield from self._compare(facts, by_name[first], by_name[second])

    def _compare(self, facts: FactSet, first: ExtractedField, second: ExtractedField) -> Iterator[Evidence]:
        start, end = parsed_day(first), parsed_day(second)
        if start is None or end is None or start <= end:
            return
        swapped = swapped_reading(second)
        fix = swapped if swapped and swapped >= first.normalized else None
        other = {"other": title_of(facts, first.name), "other_printed": first.value}
        yield evidence_at(facts, second, fix, **other)


@dataclass(frozen=True)
class DateNotInFuture(DateCheck):
    """Dates are not in the future, except due and expiry dates."""

    id: ClassVar[str] = "date_not_in_future"
    message: ClassVar[str] = "%(title)s is in the future: %(printed)s"
    recommendation: ClassVar[str] = "Compare it with the page; day and month or the year may be misread."

    def find(self, facts: FactSet, dates: tuple[ExtractedField, ...]) -> Iterator[Evidence]:
        """Yield dates after today; fix them with the swapped day if that one has passed."""
        for found in dates:
            day = parsed_day(found)
            if day is None or day <= facts.today or any(part in found.name for part in FUTURE_DATE_PARTS):
                continue
            swapped = swapped_reading(found)
            yield evidence_at(facts, found, swapped if swapped and swapped <= facts.today.isoformat() else None)


@dataclass(frozen=True)
class DateAmbiguous(DateCheck):
    """Dates are unambiguous: 03/04/2024 is not, unless another date in the document settles the order."""

    id: ClassVar[str] = "date_ambiguous"
    version: ClassVar[int] = 2
    severity: ClassVar[Severity] = Severity.MINOR
    message: ClassVar[str] = "%(title)s can be read two ways: %(printed)s is %(normalized)s or %(other)s"
    recommendation: ClassVar[str] = "Choose the date that fits the sender's country."

    def find(self, facts: FactSet, dates: tuple[ExtractedField, ...]) -> Iterator[Evidence]:
        """Yield ambiguous dates; none if one printed date of the document is unambiguous."""
        if (facts.printed_dates and facts.printed_dates.order_known) or any(_settles(found) for found in dates):
            return
        for found in dates:
            other = swapped_reading(found)
            if other:
                yield evidence_at(facts, found, other, normalized=found.normalized, other=other)


def swapped_reading(found: ExtractedField) -> str | None:
    """Return the other day if day and month can be swapped, else None."""
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
    """The identity document has not expired."""

    id: ClassVar[str] = "not_expired"
    dimension: ClassVar[Dimension] = Dimension.FRESHNESS
    message: ClassVar[str] = "The document expired on %(printed)s"
    recommendation: ClassVar[str] = "Ask for a document that is still valid."
    names: tuple[str, ...] = ("expiry_date", "date_of_expiry", "valid_until", "expiration_date")

    def applies_to(self, facts: FactSet) -> bool:
        """Apply if the schema has an expiry date."""
        return any(facts.spec(name) for name in self.names)

    def run(self, facts: FactSet) -> Outcome:
        """Compare the expiry date with today."""
        found = facts.get(*self.names)
        day = parsed_day(found) if found else None
        if found is None or day is None:
            return Outcome.unknown("no expiry date was read")
        return Outcome.failed(evidence_at(facts, found)) if day < facts.today else Outcome.passed()
