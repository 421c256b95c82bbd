"""Checks of required fields that were not found, and of values that may be misread."""

from dataclasses import dataclass
from typing import ClassVar

from quality.domain.checks.check import Check, RequiredFact
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier
from quality.domain.zone_evidence import missing_fields

ORDER = 50


@dataclass(frozen=True)
class RequiredFields(Check):
    """Fields that the schema requires were found."""

    id: ClassVar[str] = "required_fields"
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.CONTENT
    severity: ClassVar[Severity] = Severity.MAJOR
    needs: ClassVar[frozenset[RequiredFact]] = frozenset({RequiredFact.SCHEMA})
    message: ClassVar[str] = "%(title)s was not found"
    recommendation: ClassVar[str] = "Find it on the page and enter it."

    def run(self, facts: FactSet) -> Outcome:
        """Report each required field without a value."""
        required = [spec for spec in facts.schema.fields if spec.required] if facts.schema else []
        if not required:
            return Outcome.not_applicable("the schema requires nothing")
        missing = missing_fields(facts.fields, facts.schema)
        found = [Evidence(field=spec.name, values={"title": spec.title}) for spec in required if spec.name in missing]
        return Outcome.failed(*found, score=1 - len(found) / len(required)) if found else Outcome.passed()


@dataclass(frozen=True)
class FieldUncertain(Check):
    """No value has a low confidence; whether a person must look is decided by the router."""

    id: ClassVar[str] = "field_uncertain"
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.CONTENT
    severity: ClassVar[Severity] = Severity.MINOR
    needs: ClassVar[frozenset[RequiredFact]] = frozenset({RequiredFact.SCHEMA})
    message: ClassVar[str] = "%(title)s may be misread: %(chance)s sure"
    recommendation: ClassVar[str] = "Compare it with the page."
    confidence_from: float = 0.7

    def run(self, facts: FactSet) -> Outcome:
        """Report the material fields with low confidence; the score is their mean confidence."""
        specs = {spec.name: spec for spec in facts.schema.fields} if facts.schema else {}
        material = {name for name, spec in specs.items() if spec.material}
        read = [found for found in facts.fields if found.value and found.name in material]
        if not read:
            return Outcome.unknown("no field was found")
        doubtful = [found for found in read if found.confidence < self.confidence_from]
        share = sum(found.confidence for found in read) / len(read)
        if not doubtful:
            return Outcome.passed(share)
        evidence = (
            Evidence.of_field(found, {"title": specs[found.name].title, "chance": f"{found.confidence:.0%}"})
            for found in doubtful
        )
        return Outcome.failed(*evidence, score=share)
