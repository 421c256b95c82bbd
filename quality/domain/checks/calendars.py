"""Dates of other calendars: they are converted, but some of their days differ between countries."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ingestion.domain.normalize import find_dates
from ingestion.domain.normalize.calendars import GREGORIAN, ISLAMIC
from ingestion.domain.schemas.fields import ExtractedField
from quality.domain.checks.dates import DateCheck, evidence_at
from quality.domain.checks.examples.builders import document, fails, not_applicable, passes, printed_as, unknown
from quality.domain.checks.registry import Examples
from quality.domain.facts import FactSet
from quality.domain.outcomes import Evidence, Severity

ORDER = 72


@dataclass(frozen=True)
class DateCalendarCertain(DateCheck):
    """Dates are of a calendar whose days are the same everywhere."""

    id: ClassVar[str] = "date_calendar"
    severity: ClassVar[Severity] = Severity.MINOR
    message: ClassVar[str] = "%(title)s may be of another calendar: %(printed)s was read as %(normalized)s"
    recommendation: ClassVar[str] = (
        "Compare it with the sender's calendar: an Islamic month may begin a day earlier or later than in Saudi Arabia."
    )

    def find(self, facts: FactSet, dates: tuple[ExtractedField, ...]) -> Iterator[Evidence]:
        """Yield dates of the Islamic calendar, and short years beside dates of any other calendar."""
        printed = [(found, match) for found in dates if found.normalized for match in find_dates(found.value)]
        foreign = any(match.calendar != GREGORIAN for _, match in printed)
        for found, match in printed:
            is_short = foreign and match.short_year and match.calendar == GREGORIAN
            if match.calendar == ISLAMIC or is_short:
                yield evidence_at(facts, found, normalized=found.normalized)


_ISLAMIC = printed_as("invoice_date", "22/09/1447 H", "2026-03-11")
_THAI = printed_as("invoice_date", "15/03/2569", "2026-03-15")

EXAMPLES = {
    "date_calendar": Examples(
        passing=(passes("Gregorian dates", document()), passes("a Buddhist year", document(fields=(_THAI,)))),
        failing=(
            fails("an Islamic date", document(fields=(_ISLAMIC,))),
            fails(
                "a short year beside a Buddhist one",
                document(fields=(_THAI, printed_as("due_date", "14/04/69", "1969-04-14"))),
            ),
        ),
        unknown=(unknown("no date", document({"supplier": "Najd Farms"})),),
        adversarial=(
            passes("a short year", document(fields=(printed_as("invoice_date", "14/04/25", "2025-04-14"),))),
            not_applicable("no schema", document(schema=None)),
        ),
    )
}
