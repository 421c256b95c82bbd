"""Checks of travel documents: MRZ check digits, and agreement of the MRZ with the printed fields."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ingestion.domain.normalize import letters_and_digits
from ingestion.domain.normalize.mrz import MrzZone, agrees_with_zone, zone_value
from ingestion.domain.schemas.fields import ExtractedField, FieldKind
from quality.domain.checks.check import Check, RequiredFact
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier
from quality.domain.vocabulary import title_of
from quality.domain.zone_evidence import document_zone

ORDER = 100


class MrzCheck(Check):
    """Base class of checks on the machine-readable zone, if the schema has one."""

    tier: ClassVar[Tier] = Tier.DOMAIN

    def applies_to(self, facts: FactSet) -> bool:
        """Apply if the schema has an MRZ."""
        return facts.schema is not None and facts.schema.has_kind(FieldKind.MRZ)

    def run(self, facts: FactSet) -> Outcome:
        """Read the MRZ and check it."""
        fields = facts.of_kind(FieldKind.MRZ)
        zone = document_zone(facts.fields, facts.schema)
        if zone is None:
            return Outcome.unknown("no machine-readable zone was read")
        found = tuple(self.find(facts, fields[0], zone))
        return Outcome.failed(*found) if found else Outcome.passed()

    def find(self, facts: FactSet, zone_field: ExtractedField, zone: MrzZone) -> Iterator[Evidence]:
        """Yield the findings."""
        raise NotImplementedError


@dataclass(frozen=True)
class MrzCheckDigits(MrzCheck):
    """The check digits match; a wrong digit is a misreading or a forgery."""

    id: ClassVar[str] = "mrz_check_digits"
    dimension: ClassVar[Dimension] = Dimension.COMPLIANCE
    severity: ClassVar[Severity] = Severity.CRITICAL
    message: ClassVar[str] = "The check digit of the machine-readable zone does not match: %(parts)s"
    recommendation: ClassVar[str] = "Compare the zone with the page letter by letter; if it is printed so, escalate."

    def find(self, facts: FactSet, zone_field: ExtractedField, zone: MrzZone) -> Iterator[Evidence]:
        """Yield one finding that names all failing parts."""
        if zone.failed_checks:
            parts = ", ".join(_PARTS.get(name, name.replace("_", " ")) for name in zone.failed_checks)
            yield Evidence.of_field(zone_field, {"parts": parts})


@dataclass(frozen=True)
class MrzAgrees(MrzCheck):
    """The MRZ agrees with the fields printed above it, so that one reading verifies the other."""

    id: ClassVar[str] = "mrz_agrees"
    dimension: ClassVar[Dimension] = Dimension.CONTENT
    severity: ClassVar[Severity] = Severity.CRITICAL
    message: ClassVar[str] = "%(title)s reads %(printed)s, the machine-readable zone says %(zone)s"
    recommendation: ClassVar[str] = "Take the zone's value if the page agrees with it; otherwise escalate."

    def find(self, facts: FactSet, zone_field: ExtractedField, zone: MrzZone) -> Iterator[Evidence]:
        """Yield each printed field that the MRZ contradicts."""
        for name in _COMPARED:
            found = facts.get(name)
            if found is not None and found.source != "mrz" and self._contradicts(zone, found, facts.today):
                said = zone_value(zone, name, facts.today)
                yield Evidence.of_field(
                    found, {"title": title_of(facts, name), "printed": found.value, "zone": said}, said
                )

    def _contradicts(self, zone: MrzZone, found: ExtractedField, today: date) -> bool:
        """Return whether the zone says something else; a longer printed name is none, as some states omit parts."""
        if found.name in ("surname", "given_names"):
            said = letters_and_digits(zone_value(zone, found.name, today))
            if len(said) > 2 and letters_and_digits(found.normalized).startswith(said):
                return False
        return agrees_with_zone(zone, found.name, found.normalized, today) is False


@dataclass(frozen=True)
class MrzPrinted(MrzCheck):
    """The days of the MRZ are also printed elsewhere; otherwise they are a misreading or a forgery."""

    id: ClassVar[str] = "mrz_printed"
    dimension: ClassVar[Dimension] = Dimension.CONTENT
    severity: ClassVar[Severity] = Severity.MAJOR
    needs: ClassVar[frozenset[RequiredFact]] = frozenset({RequiredFact.PRINTED})
    message: ClassVar[str] = "%(title)s is %(zone)s in the machine-readable zone and nowhere else on the page"
    recommendation: ClassVar[str] = "Compare the zone with the date printed above it."

    def find(self, facts: FactSet, zone_field: ExtractedField, zone: MrzZone) -> Iterator[Evidence]:
        """Yield each day of the MRZ that matches no printed date."""
        printed = facts.printed_dates.days if facts.printed_dates else frozenset()
        for name in ("date_of_birth", "expiry_date"):
            day = zone.iso_date(name, facts.today)
            if day and day not in printed:
                values = {"title": title_of(facts, name), "zone": day}
                yield Evidence(name, zone_field.page, zone_field.bbox, day, values)


_PARTS = {"composite": "whole zone", "optional": "personal number"}
_COMPARED = ("surname", "given_names", "document_number", "nationality", "sex", "date_of_birth", "expiry_date")
