"""Text triage: are the words reliable, and in a supported language?"""

import unicodedata
from dataclasses import dataclass
from typing import ClassVar

from ingestion.domain.page.elements import PageReading, Word, WordSource
from quality.domain.checks.check import Check, RequiredFact
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier
from quality.domain.scoring import reading_confidence
from quality.domain.zone_evidence import are_values_proven

ORDER = 10


@dataclass(frozen=True)
class ReadingConfidence(Check):
    """The expected share of right words against the tenant's two limits: for review and for rejection.

    A document is not rejected if check digits prove its values: words of a decorated background are not needed.
    """

    id: ClassVar[str] = "reading_confidence"
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.MAJOR
    needs: ClassVar[frozenset[RequiredFact]] = frozenset({RequiredFact.WORDS})
    message: ClassVar[str] = "Only about %(share)s of 100 words were read correctly"
    recommendation: ClassVar[str] = "Compare every value with the page, or ask for a better scan."

    def run(self, facts: FactSet) -> Outcome:
        """Average the pages' confidences, weighted by their word counts."""
        share = reading_confidence(facts)
        if share is None:
            return Outcome.unknown("no word was read")
        if share >= facts.limits.review_below:
            return Outcome.passed(share / 100)
        poor = share < facts.limits.reject_below
        proven = poor and are_values_proven(facts.fields, facts.schema, facts.today)
        severity = Severity.BLOCKER if poor and not proven else None
        worst = min((page for page in facts.pages_read if page.words), key=lambda page: page.confidence)
        found = Evidence(page=worst.number, values={"share": f"{share:.0f}"}, severity=severity)
        return Outcome.failed(found, score=share / 100)


@dataclass(frozen=True)
class GarbageText(Check):
    """The text layer matches the page: no broken font map and no bad OCR layer."""

    id: ClassVar[str] = "garbage_text"
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.CRITICAL
    needs: ClassVar[frozenset[RequiredFact]] = frozenset({RequiredFact.WORDS})
    message: ClassVar[str] = "The text inside page %(page)s is garbled (such as %(sample)s)"
    recommendation: ClassVar[str] = "Read the document again from its picture."
    share_up_to: float = 0.15

    def applies_to(self, facts: FactSet) -> bool:
        """Apply if a page has a text layer."""
        return any(page.source is WordSource.NATIVE for page in facts.pages_read)

    def run(self, facts: FactSet) -> Outcome:
        """Measure the share of garbled words on each native page."""
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
    """Return whether a word has characters of no printed page: private use, unassigned, replacement."""
    text = word.text
    strange = sum(1 for character in text if character == "\ufffd" or unicodedata.category(character) in _STRANGE)
    return strange > 0 or "(cid:" in text


@dataclass(frozen=True)
class LanguageSupported(Check):
    """The language is on the tenant's list of supported languages, if there is one."""

    id: ClassVar[str] = "language_supported"
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.MAJOR
    needs: ClassVar[frozenset[RequiredFact]] = frozenset({RequiredFact.LANGUAGE})
    message: ClassVar[str] = "The document is written in a language that is not set up (%(language)s)"
    recommendation: ClassVar[str] = "Pass it to someone who reads the language."

    def applies_to(self, facts: FactSet) -> bool:
        """Apply if the tenant has a list of languages."""
        return bool(facts.limits.languages)

    def run(self, facts: FactSet) -> Outcome:
        """Look up the language in the tenant's list."""
        language = facts.language or ""
        if language in facts.limits.languages:
            return Outcome.passed()
        return Outcome.failed(Evidence(values={"language": language}))
