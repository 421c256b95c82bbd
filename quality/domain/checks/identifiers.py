"""Checks of numbers with check digits: bank accounts, VAT numbers, US health-care providers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from ingestion.domain.normalize.validators import check_iban, check_npi, check_vat
from ingestion.domain.schemas.fields import ExtractedField
from quality.domain.checks.check import Check
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier, Verdict
from quality.domain.reference import CONFUSED, plain_code
from quality.domain.vocabulary import title_of

ORDER = 90


class NumberCheck(Check):
    """Base class of checks on every field whose name says that it contains such a number."""

    tier: ClassVar[Tier] = Tier.DOMAIN
    dimension: ClassVar[Dimension] = Dimension.COMPLIANCE
    severity: ClassVar[Severity] = Severity.CRITICAL
    recommendation: ClassVar[str] = "Compare it with the page digit by digit."
    field_word: ClassVar[str]

    def applies_to(self, facts: FactSet) -> bool:
        """Apply if the schema has such a field."""
        return facts.schema is not None and any(self._names(spec.name) for spec in facts.schema.fields)

    def run(self, facts: FactSet) -> Outcome:
        """Validate each number; UNKNOWN if one is of a kind that cannot be validated."""
        fields = [found for found in facts.fields if found.value and self._names(found.name)]
        verdicts = [(found, self.valid(plain_code(found.normalized or found.value))) for found in fields]
        wrong = [self._evidence(facts, found) for found, valid in verdicts if valid is False]
        if wrong:
            return Outcome.failed(*wrong)
        if not fields or any(valid is None for _, valid in verdicts):
            return Outcome.unknown("no number was found, or none that can be verified")
        return Outcome.passed()

    def valid(self, number: str) -> bool | None:
        """Return whether the number is valid; None if such numbers cannot be validated."""
        raise NotImplementedError

    def _names(self, name: str) -> bool:
        return self.field_word in name.split("_")

    def _evidence(self, facts: FactSet, found: ExtractedField) -> Evidence:
        values = {"title": title_of(facts, found.name), "printed": found.value}
        number = plain_code(found.normalized or found.value)
        fix = corrected_number(number, lambda candidate: self.valid(candidate) is True)
        return Evidence.of_field(found, values, fix)


def corrected_number(number: str, valid: Callable[[str], bool]) -> str | None:
    """Return the only valid number that differs by one confusable character; None if there are none or several."""
    found = {candidate for candidate in _near(number) if valid(candidate)}
    return found.pop() if len(found) == 1 else None


def _near(number: str) -> Iterator[str]:
    for at, character in enumerate(number):
        for other in CONFUSED.get(character, ""):
            yield number[:at] + other + number[at + 1 :]


@dataclass(frozen=True)
class NpiValid(NumberCheck):
    """National Provider Identifier: ten digits, Luhn over 80840 and the number (45 CFR 162.406)."""

    id: ClassVar[str] = "npi_valid"
    message: ClassVar[str] = "%(title)s is not a valid provider number: %(printed)s"
    field_word: ClassVar[str] = "npi"

    def valid(self, number: str) -> bool | None:
        """Validate the number."""
        return check_npi(number).ok


@dataclass(frozen=True)
class IbanValid(NumberCheck):
    """IBAN by ISO 13616: length and form of the country, remainder 1 modulo 97."""

    id: ClassVar[str] = "iban_valid"
    message: ClassVar[str] = "%(title)s is not a valid bank account number: %(printed)s"
    field_word: ClassVar[str] = "iban"

    def run(self, facts: FactSet) -> Outcome:
        """Validate the field or, if it is empty, report printed accounts that are invalid."""
        outcome = super().run(facts)
        empty = [spec for spec in facts.schema.fields if self._names(spec.name)] if facts.schema else []
        empty = [spec for spec in empty if facts.get(spec.name) is None]
        if outcome.verdict is not Verdict.UNKNOWN or not empty or not facts.invalid_ibans:
            return outcome
        misprint, owner = facts.invalid_ibans[0], empty[0]
        values = {"title": owner.title, "printed": misprint.text}
        fix = corrected_number(plain_code(misprint.text), lambda candidate: check_iban(candidate).ok)
        return Outcome.failed(Evidence(owner.name, misprint.page, misprint.bbox, misprint.text, values, fix))

    def valid(self, number: str) -> bool | None:
        """Validate the number."""
        return check_iban(number).ok


@dataclass(frozen=True)
class VatValid(NumberCheck):
    """The check digits of the country's VAT number; UNKNOWN for countries without a known rule."""

    id: ClassVar[str] = "vat_valid"
    version: ClassVar[int] = 2
    message: ClassVar[str] = "%(title)s is not a valid VAT number: %(printed)s"
    field_word: ClassVar[str] = "vat"

    def valid(self, number: str) -> bool | None:
        """Validate the number by the rules of its country."""
        verdict = check_vat(number)
        return verdict.ok if verdict else None

    def _names(self, name: str) -> bool:  # other fields with this word are amounts
        return name in ("vat_id", "vat_number", "supplier_vat_id", "customer_vat_id", "vat_registration")
