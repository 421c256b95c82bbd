"""Codes that somebody keeps a list of: diagnoses and currencies."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ingestion.domain.schemas.fields import ExtractedField, FieldKind
from quality.domain.checks.check import Check, Need
from quality.domain.currencies import CURRENCIES
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier
from quality.domain.reference import CodeEntry, CodeTable, plain
from quality.domain.vocabulary import title_of


class DiagnosisCheck(Check):
    """A question about each ICD-10-CM code of the document."""

    tier: ClassVar[Tier] = Tier.DOMAIN
    dimension: ClassVar[Dimension] = Dimension.COMPLIANCE
    needs: ClassVar[frozenset[Need]] = frozenset({Need.CODES})

    def applies_to(self, facts: FactSet) -> bool:
        """Ask where the schema has lists of codes."""
        return facts.schema is not None and any(spec.kind is FieldKind.CODE_LIST for spec in facts.schema.fields)

    def run(self, facts: FactSet) -> Outcome:
        """Look each code up."""
        table = facts.codes
        listed = [(found, code) for found in facts.of_kind(FieldKind.CODE_LIST) for code in listed_codes(found)]
        if not listed or table is None:
            return Outcome.unknown("no code was found")
        found = [self._evidence(found, code, table) for found, code in listed if self.wrong(table.lookup(code))]
        return Outcome.failed(*found, score=1 - len(found) / len(listed)) if found else Outcome.passed()

    def wrong(self, entry: CodeEntry | None) -> bool:
        """Say whether what the table has is not good enough."""
        raise NotImplementedError

    def _evidence(self, found: ExtractedField, code: str, table: CodeTable) -> Evidence:
        nearest = table.nearest(code)
        values = {"code": code, "edition": table.edition, "nearest": " or ".join(nearest) or "none near it"}
        fix = _replaced(found, code, nearest[0]) if nearest else None
        return Evidence(found.name, found.page, found.bbox, code, values, fix)


def listed_codes(found: ExtractedField) -> tuple[str, ...]:
    """Split a code list; what does not look like a code is kept, for it has to be judged too."""
    text = found.normalized or found.value
    return tuple(part.strip() for part in text.replace(";", ",").split(",") if part.strip())


def _replaced(found: ExtractedField, code: str, better: str) -> str:
    return ", ".join(better if each == code else each for each in listed_codes(found))


@dataclass(frozen=True)
class Icd10Known(DiagnosisCheck):
    """A code that the edition does not have."""

    id: ClassVar[str] = "icd10_known"
    severity: ClassVar[Severity] = Severity.CRITICAL
    message: ClassVar[str] = "%(code)s is not a diagnosis code of %(edition)s"
    recommendation: ClassVar[str] = "Compare it with the page. Codes one reading error away: %(nearest)s."

    def wrong(self, entry: CodeEntry | None) -> bool:
        """Find it missing."""
        return entry is None


@dataclass(frozen=True)
class Icd10Billable(DiagnosisCheck):
    """A heading where a payer wants the full code."""

    id: ClassVar[str] = "icd10_billable"
    severity: ClassVar[Severity] = Severity.MINOR
    message: ClassVar[str] = "%(code)s is a heading, not a billable code (%(edition)s)"
    recommendation: ClassVar[str] = "Choose the full code, such as %(nearest)s."

    def wrong(self, entry: CodeEntry | None) -> bool:
        """Find it a heading; a code that does not exist is the other check's finding."""
        return entry is not None and not entry.billable


@dataclass(frozen=True)
class CurrencyKnown(Check):
    """A currency that the world uses."""

    id: ClassVar[str] = "currency_known"
    tier: ClassVar[Tier] = Tier.DOMAIN
    dimension: ClassVar[Dimension] = Dimension.COMPLIANCE
    severity: ClassVar[Severity] = Severity.MAJOR
    message: ClassVar[str] = "%(title)s is no currency in use: %(printed)s"
    recommendation: ClassVar[str] = "Enter its three-letter code as printed on the page."

    def applies_to(self, facts: FactSet) -> bool:
        """Ask where the schema has a currency."""
        return facts.schema is not None and any(spec.kind is FieldKind.CURRENCY for spec in facts.schema.fields)

    def run(self, facts: FactSet) -> Outcome:
        """Look the codes up."""
        fields = facts.of_kind(FieldKind.CURRENCY)
        if not fields:
            return Outcome.unknown("no currency was found")
        found = tuple(_odd_currencies(facts, fields))
        return Outcome.failed(*found) if found else Outcome.passed()


def _odd_currencies(facts: FactSet, fields: tuple[ExtractedField, ...]) -> Iterator[Evidence]:
    for found in fields:
        if plain(found.normalized or found.value) not in CURRENCIES:
            values = {"title": title_of(facts, found.name), "printed": found.value}
            yield Evidence(found.name, found.page, found.bbox, found.value, values)
