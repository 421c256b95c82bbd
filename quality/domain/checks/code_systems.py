"""Checks of codes from published lists: diagnoses and currencies."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ingestion.domain.normalize import currencies_of
from ingestion.domain.schemas.fields import ExtractedField, FieldKind
from quality.domain.checks.check import Check, RequiredFact
from quality.domain.code_editions import CodeEdition, edition_used, may_be_of_another_edition
from quality.domain.currencies import CURRENCIES
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier
from quality.domain.reference import CodeTable, plain_code
from quality.domain.vocabulary import title_of

ORDER = 80


class DiagnosisCheck(Check):
    """Base class of checks on each ICD-10-CM code of the document."""

    tier: ClassVar[Tier] = Tier.DOMAIN
    dimension: ClassVar[Dimension] = Dimension.COMPLIANCE
    needs: ClassVar[frozenset[RequiredFact]] = frozenset({RequiredFact.CODES})

    def applies_to(self, facts: FactSet) -> bool:
        """Apply if the schema has code lists."""
        return facts.schema is not None and facts.schema.has_kind(FieldKind.CODE_LIST)

    def run(self, facts: FactSet) -> Outcome:
        """Look up each code."""
        table = facts.codes
        listed = [(found, code) for found in facts.of_kind(FieldKind.CODE_LIST) for code in listed_codes(found)]
        if not listed or table is None:
            return Outcome.unknown("no code was found")
        edition = edition_used(facts)
        found = [self._evidence(found, code, table) for found, code in listed if self.is_invalid(code, table, edition)]
        return Outcome.failed(*found, score=1 - len(found) / len(listed)) if found else Outcome.passed()

    def is_invalid(self, code: str, table: CodeTable, edition: CodeEdition) -> bool:
        """Return whether a code fails this check; `edition` is the one that the document uses."""
        raise NotImplementedError

    def _evidence(self, found: ExtractedField, code: str, table: CodeTable) -> Evidence:
        nearest = table.nearest(code)
        values = {"code": code, "edition": table.edition, "nearest": " or ".join(nearest) or "none near it"}
        fix = _code_list_with(found, code, nearest[0]) if nearest else None
        return Evidence(found.name, found.page, found.bbox, code, values, fix)


def listed_codes(found: ExtractedField) -> tuple[str, ...]:
    """Split a code list; text that does not look like a code is kept, because it must be checked too."""
    text = found.normalized or found.value
    return tuple(part.strip() for part in text.replace(";", ",").split(",") if part.strip())


def _code_list_with(found: ExtractedField, code: str, better: str) -> str:
    return ", ".join(better if each == code else each for each in listed_codes(found))


@dataclass(frozen=True)
class Icd10Known(DiagnosisCheck):
    """Codes exist in the edition; those of another edition are not judged, unless the document uses this one."""

    id: ClassVar[str] = "icd10_known"
    severity: ClassVar[Severity] = Severity.CRITICAL
    message: ClassVar[str] = "%(code)s is not a diagnosis code of %(edition)s"
    recommendation: ClassVar[str] = "Compare it with the page. Codes one reading error away: %(nearest)s."

    def is_invalid(self, code: str, table: CodeTable, edition: CodeEdition) -> bool:
        """Return whether the code is missing from the table, and no code of another edition."""
        if table.lookup(code) is not None:
            return False
        return edition is CodeEdition.CM or not may_be_of_another_edition(code, table)


@dataclass(frozen=True)
class Icd10Billable(DiagnosisCheck):
    """Codes are billable, not headings."""

    id: ClassVar[str] = "icd10_billable"
    severity: ClassVar[Severity] = Severity.MINOR
    message: ClassVar[str] = "%(code)s is a heading, not a billable code (%(edition)s)"
    recommendation: ClassVar[str] = "Choose the full code, such as %(nearest)s."

    def is_invalid(self, code: str, table: CodeTable, edition: CodeEdition) -> bool:
        """Return whether the code is a heading; a code that does not exist is reported by the other check."""
        entry = table.lookup(code)
        return edition is not CodeEdition.OTHER and entry is not None and not entry.billable


@dataclass(frozen=True)
class CurrencyKnown(Check):
    """The currency is in use."""

    id: ClassVar[str] = "currency_known"
    version: ClassVar[int] = 2
    tier: ClassVar[Tier] = Tier.DOMAIN
    dimension: ClassVar[Dimension] = Dimension.COMPLIANCE
    severity: ClassVar[Severity] = Severity.MAJOR
    message: ClassVar[str] = "%(title)s is not a currency in use: %(printed)s"
    recommendation: ClassVar[str] = "Enter its three-letter code as printed on the page."

    def applies_to(self, facts: FactSet) -> bool:
        """Apply if the schema has a currency."""
        return facts.schema is not None and facts.schema.has_kind(FieldKind.CURRENCY)

    def run(self, facts: FactSet) -> Outcome:
        """Look up the currency codes."""
        fields = facts.of_kind(FieldKind.CURRENCY)
        if not fields:
            return Outcome.unknown("no currency was found")
        found = tuple(_unknown_currencies(facts, fields))
        return Outcome.failed(*found) if found else Outcome.passed()


def _unknown_currencies(facts: FactSet, fields: tuple[ExtractedField, ...]) -> Iterator[Evidence]:
    for found in fields:
        is_shared_sign = not found.normalized and len(currencies_of(found.value)) > 1  # see CurrencySignResolved
        if not is_shared_sign and plain_code(found.normalized or found.value) not in CURRENCIES:
            values = {"title": title_of(facts, found.name), "printed": found.value}
            yield Evidence.of_field(found, values)
