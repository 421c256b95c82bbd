"""Page triage: are all pages present, once each, with content, and not cut off?"""

from collections import defaultdict
from dataclasses import dataclass
from typing import ClassVar

from ingestion.domain.page.elements import PageReading
from quality.domain.checks.check import Check, RequiredFact
from quality.domain.checks.image_quality import is_blank, is_picture
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier

ORDER = 20


@dataclass(frozen=True)
class MissingPages(Check):
    """No page is missing: pages in = pages read + pages failed. A document that lacks one is partial."""

    id: ClassVar[str] = "missing_pages"
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.CRITICAL
    needs: ClassVar[frozenset[RequiredFact]] = frozenset({RequiredFact.PAGE_COUNT})
    message: ClassVar[str] = "Page %(page)s of %(total)s could not be read"
    recommendation: ClassVar[str] = "Look at the page yourself, or ask for the document again."

    def run(self, facts: FactSet) -> Outcome:
        """Report each page that failed or is missing."""
        total = facts.total_pages or 0
        read = {page.number for page in facts.pages_read}
        lost = [number for number in range(1, total + 1) if number not in read]
        values = {"total": str(total)}
        found = [Evidence(page=number, values={**values, "page": str(number)}) for number in lost]
        return Outcome.failed(*found, score=len(read) / total) if found else Outcome.passed()


@dataclass(frozen=True)
class BlankPage(Check):
    """No page is blank, such as the back of a sheet or a failed scan; if all are, it is no document."""

    id: ClassVar[str] = "blank_page"
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.INFO
    message: ClassVar[str] = "Page %(page)s is blank"
    recommendation: ClassVar[str] = "Ask for it again if something should be on it."

    def run(self, facts: FactSet) -> Outcome:
        """Report the blank pages; UNKNOWN if a page has no words and was not measured."""
        blank = [page for page in facts.pages_read if is_blank(page)]
        everything = len(blank) == len(facts.pages_read)
        severity = Severity.CRITICAL if everything else None
        found = [Evidence(page=page.number, values={"page": str(page.number)}, severity=severity) for page in blank]
        if found:
            return Outcome.failed(*found, score=0.0 if everything else 1 - len(found) / len(facts.pages_read))
        if not facts.pages_read or any(not page.words and not page.measures for page in facts.pages_read):
            return Outcome.unknown("a page has no words and was not measured")
        return Outcome.passed()


@dataclass(frozen=True)
class UnreadPage(Check):
    """No page has ink but no words, as a photograph, handwriting or an upside-down page would."""

    id: ClassVar[str] = "unread_page"
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.MAJOR
    message: ClassVar[str] = "No word could be read on page %(page)s, although it is not blank"
    recommendation: ClassVar[str] = "Turn the page or read the values yourself; ask for a better scan."

    def run(self, facts: FactSet) -> Outcome:
        """Report the pages with ink but without words."""
        wordless = [page for page in facts.pages_read if not page.words]
        found = [
            Evidence(page=page.number, values={"page": str(page.number)})
            for page in wordless
            if page.measures and not is_blank(page)
        ]
        if found:
            return Outcome.failed(*found, score=1 - len(found) / len(facts.pages_read))
        if not facts.pages_read or any(page.measures is None for page in wordless):
            return Outcome.unknown("a page has no words and was not measured")
        return Outcome.passed()


@dataclass(frozen=True)
class CutOffPage(Check):
    """No words touch the image's edge. Ink there is no proof: scanners leave dark borders."""

    id: ClassVar[str] = "cut_off"
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.MAJOR
    needs: ClassVar[frozenset[RequiredFact]] = frozenset({RequiredFact.WORDS})
    message: ClassVar[str] = "Page %(page)s is cut off: %(count)s words run over its edge"
    recommendation: ClassVar[str] = "Ask for the whole page if a value you need is cut."
    margin: float = 0.003
    words_up_to: int = 2

    def applies_to(self, facts: FactSet) -> bool:
        """Apply if at least one page is an image."""
        return any(is_picture(page) for page in facts.pages_read)

    def run(self, facts: FactSet) -> Outcome:
        """Count the words that touch the left or right edge of each scanned page."""
        pages = [page for page in facts.pages_read if is_picture(page) and page.words]
        counted = [(page, self._touching(page)) for page in pages]
        found = [
            Evidence(page=page.number, values={"page": str(page.number), "count": str(count)})
            for page, count in counted
            if count > self.words_up_to
        ]
        return Outcome.failed(*found, score=1 - len(found) / len(pages)) if found else Outcome.passed()

    def _touching(self, page: PageReading) -> int:
        low, high = self.margin, 1 - self.margin
        return sum(1 for word in page.words if word.bbox.x0 <= low or word.bbox.x1 >= high)


@dataclass(frozen=True)
class RepeatedPage(Check):
    """No page occurs twice in the file, as when a scanner feeds it again."""

    id: ClassVar[str] = "repeated_page"
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.MINOR
    needs: ClassVar[frozenset[RequiredFact]] = frozenset({RequiredFact.WORDS})
    message: ClassVar[str] = "Page %(page)s repeats page %(first)s"
    recommendation: ClassVar[str] = "Check that no page is missing in its place."
    words_from: int = 20

    def applies_to(self, facts: FactSet) -> bool:
        """Apply to files with more than one page."""
        return len(facts.pages_read) > 1

    def run(self, facts: FactSet) -> Outcome:
        """Compare pages by their words only, and only if there are enough to be significant."""
        seen: dict[tuple[str, ...], list[PageReading]] = defaultdict(list)
        for page in facts.pages_read:
            if len(page.words) >= self.words_from:
                seen[tuple(word.text for word in page.words)].append(page)
        found = [
            Evidence(page=page.number, values={"page": str(page.number), "first": str(pages[0].number)})
            for pages in seen.values()
            for page in pages[1:]
        ]
        return Outcome.failed(*found, score=1 - len(found) / len(facts.pages)) if found else Outcome.passed()
