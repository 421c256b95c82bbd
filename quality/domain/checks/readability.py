"""Triage of the text: can the words be trusted, and is what the schema asks for among them?"""

import unicodedata
from dataclasses import dataclass
from typing import ClassVar

from ingestion.domain.page.elements import PageReading, Word, WordSource
from quality.domain.checks.check import Check, Need
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier
from quality.domain.scoring import reading_confidence


@dataclass(frozen=True)
class ReadingConfidence(Check):
    """The expected share of right words against the tenant's two limits: one for review, one for rejection."""

    id: ClassVar[str] = "reading_confidence"
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.MAJOR
    needs: ClassVar[frozenset[Need]] = frozenset({Need.WORDS})
    message: ClassVar[str] = "Only about %(share)s of 100 words were read right"
    recommendation: ClassVar[str] = "Compare every value with the page, or ask for a better scan."

    def run(self, facts: FactSet) -> Outcome:
        """Weigh the pages' confidences by their words."""
        share = reading_confidence(facts)
        if share is None:
            return Outcome.unknown("no word was read")
        if share >= facts.limits.review_below:
            return Outcome.passed(share / 100)
        severity = Severity.BLOCKER if share < facts.limits.reject_below else None
        worst = min((page for page in facts.pages_read if page.words), key=lambda page: page.confidence)
        found = Evidence(page=worst.number, values={"share": f"{share:.0f}"}, severity=severity)
        return Outcome.failed(found, score=share / 100)


@dataclass(frozen=True)
class GarbageText(Check):
    """A text layer whose characters are not what the page shows: a broken font map, or a bad OCR layer."""

    id: ClassVar[str] = "garbage_text"
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.CRITICAL
    needs: ClassVar[frozenset[Need]] = frozenset({Need.WORDS})
    message: ClassVar[str] = "The text inside page %(page)s is garbled (such as %(sample)s)"
    recommendation: ClassVar[str] = "Read the document again from its picture."
    share_up_to: float = 0.15

    def applies_to(self, facts: FactSet) -> bool:
        """Only a text layer can be garbled."""
        return any(page.source is WordSource.NATIVE for page in facts.pages_read)

    def run(self, facts: FactSet) -> Outcome:
        """Measure each native page's share of words that no language has."""
        pages = [page for page in facts.pages_read if page.source is WordSource.NATIVE and page.words]
        found = [evidence for page in pages if (evidence := self._evidence(page))]
        return Outcome.failed(*found, score=1 - len(found) / len(pages)) if found else Outcome.passed()

    def _evidence(self, page: PageReading) -> Evidence | None:
        garbled = [word for word in page.words if is_garbled(word)]
        if len(garbled) <= self.share_up_to * len(page.words):
            return None
        first = garbled[0]
        return Evidence(
            page=page.number,
            bbox=first.bbox,
            text=first.text,
            values={"page": str(page.number), "sample": repr(first.text)},
        )


_STRANGE = frozenset({"Cc", "Cn", "Co", "Cs"})


def is_garbled(word: Word) -> bool:
    """Say whether a word holds characters that no printed page has: private use, unassigned, replacement."""
    text = word.text
    strange = sum(1 for character in text if character == "\ufffd" or unicodedata.category(character) in _STRANGE)
    return strange > 0 or "(cid:" in text


@dataclass(frozen=True)
class LanguageSupported(Check):
    """A tenant may say which languages its people and models can read."""

    id: ClassVar[str] = "language_supported"
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.MAJOR
    needs: ClassVar[frozenset[Need]] = frozenset({Need.LANGUAGE})
    message: ClassVar[str] = "The document is written in a language that is not set up (%(language)s)"
    recommendation: ClassVar[str] = "Pass it to someone who reads the language."

    def applies_to(self, facts: FactSet) -> bool:
        """Without a list every language will do."""
        return bool(facts.limits.languages)

    def run(self, facts: FactSet) -> Outcome:
        """Look the language up in the tenant's list."""
        language = facts.language or ""
        if language in facts.limits.languages:
            return Outcome.passed()
        return Outcome.failed(Evidence(values={"language": language}))


@dataclass(frozen=True)
class RequiredFields(Check):
    """What the schema calls required has to be there."""

    id: ClassVar[str] = "required_fields"
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.CONTENT
    severity: ClassVar[Severity] = Severity.MAJOR
    needs: ClassVar[frozenset[Need]] = frozenset({Need.SCHEMA})
    message: ClassVar[str] = "%(title)s was not found"
    recommendation: ClassVar[str] = "Find it on the page and enter it."

    def run(self, facts: FactSet) -> Outcome:
        """Name each required field without a value."""
        required = [spec for spec in facts.schema.fields if spec.required] if facts.schema else []
        if not required:
            return Outcome.not_applicable("the schema requires nothing")
        found = [
            Evidence(field=spec.name, values={"title": spec.title})
            for spec in required
            if facts.get(spec.name) is None
        ]
        return Outcome.failed(*found, score=1 - len(found) / len(required)) if found else Outcome.passed()


@dataclass(frozen=True)
class FieldUncertain(Check):
    """A value that may well be wrong is said to be so; whether a human must look is the router's business."""

    id: ClassVar[str] = "field_uncertain"
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.CONTENT
    severity: ClassVar[Severity] = Severity.MINOR
    needs: ClassVar[frozenset[Need]] = frozenset({Need.SCHEMA})
    message: ClassVar[str] = "%(title)s may be misread: %(chance)s sure"
    recommendation: ClassVar[str] = "Compare it with the page."
    confidence_from: float = 0.7

    def run(self, facts: FactSet) -> Outcome:
        """Name the material fields whose confidence is low; the score is their mean confidence."""
        specs = {spec.name: spec for spec in facts.schema.fields} if facts.schema else {}
        material = {name for name, spec in specs.items() if spec.material}
        read = [found for found in facts.fields if found.value and found.name in material]
        if not read:
            return Outcome.unknown("no field was found")
        doubtful = [found for found in read if found.confidence < self.confidence_from]
        share = sum(found.confidence for found in read) / len(read)
        if not doubtful:
            return Outcome.passed(share)
        return Outcome.failed(
            *(
                Evidence(
                    field=found.name,
                    page=found.page,
                    bbox=found.bbox,
                    text=found.value,
                    values={"title": specs[found.name].title, "chance": f"{found.confidence:.0%}"},
                )
                for found in doubtful
            ),
            score=share,
        )
