"""Triage of the pages: are they all there, once each, with something on them, and not cut off?"""

from collections import defaultdict
from dataclasses import dataclass
from typing import ClassVar

from ingestion.domain.page.elements import PageReading
from quality.domain.checks.check import Check, Need
from quality.domain.checks.image_quality import is_blank, is_picture
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier


@dataclass(frozen=True)
class MissingPages(Check):
    """Pages in = pages read + pages failed; a document that lacks one is partial."""

    id: ClassVar[str] = "missing_pages"
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.CRITICAL
    needs: ClassVar[frozenset[Need]] = frozenset({Need.PAGE_COUNT})
    message: ClassVar[str] = "Page %(page)s of %(total)s could not be read"
    recommendation: ClassVar[str] = "Look at the page yourself, or ask for the document again."

    def run(self, facts: FactSet) -> Outcome:
        """Name each page that failed or never came."""
        total = facts.total_pages or 0
        read = {page.number for page in facts.pages_read}
        lost = [number for number in range(1, total + 1) if number not in read]
        values = {"total": str(total)}
        found = [Evidence(page=number, values={**values, "page": str(number)}) for number in lost]
        return Outcome.failed(*found, score=len(read) / total) if found else Outcome.passed()


@dataclass(frozen=True)
class BlankPage(Check):
    """A page with nothing on it: the back of a sheet, or a scan that went wrong. All blank is no document."""

    id: ClassVar[str] = "blank_page"
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.INFO
    message: ClassVar[str] = "Page %(page)s is blank"
    recommendation: ClassVar[str] = "Ask for it again if something should be on it."

    def run(self, facts: FactSet) -> Outcome:
        """Name the blank pages; a page without words and without measures leaves the answer open."""
        blank = [page for page in facts.pages_read if is_blank(page)]
        everything = len(blank) == len(facts.pages_read)
        severity = Severity.CRITICAL if everything else None
        found = [
            Evidence(page=page.number, values={"page": str(page.number)}, severity=severity) for page in blank
        ]
        if found:
            return Outcome.failed(*found, score=0.0 if everything else 1 - len(found) / len(facts.pages_read))
        if not facts.pages_read or any(not page.words and not page.measures for page in facts.pages_read):
            return Outcome.unknown("a page has neither words nor measures")
        return Outcome.passed()


@dataclass(frozen=True)
class UnreadPage(Check):
    """There is ink on the page, and not one word came out of it: a photograph, handwriting, or upside down."""

    id: ClassVar[str] = "unread_page"
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.MAJOR
    message: ClassVar[str] = "No word could be read on page %(page)s, though something is on it"
    recommendation: ClassVar[str] = "Turn the page or read the values yourself; ask for a better scan."

    def run(self, facts: FactSet) -> Outcome:
        """Name the inked pages without words."""
        wordless = [page for page in facts.pages_read if not page.words]
        found = [
            Evidence(page=page.number, values={"page": str(page.number)})
            for page in wordless
            if page.measures and not is_blank(page)
        ]
        if found:
            return Outcome.failed(*found, score=1 - len(found) / len(facts.pages_read))
        if not facts.pages_read or any(page.measures is None for page in wordless):
            return Outcome.unknown("a page has neither words nor measures")
        return Outcome.passed()


@dataclass(frozen=True)
class CutOff(Check):
    """Words run into the picture's edge. Ink there proves nothing alone: scanners leave dark borders."""

    id: ClassVar[str] = "cut_off"
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.MAJOR
    needs: ClassVar[frozenset[Need]] = frozenset({Need.WORDS})
    message: ClassVar[str] = "Page %(page)s is cut off: %(count)s words run over its edge"
    recommendation: ClassVar[str] = "Ask for the whole page if a value you need is cut."
    margin: float = 0.003
    words_up_to: int = 2

    def applies_to(self, facts: FactSet) -> bool:
        """Ask only where some page is a picture."""
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
    """The same page twice in one file: the feeder took it again."""

    id: ClassVar[str] = "repeated_page"
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.MINOR
    needs: ClassVar[frozenset[Need]] = frozenset({Need.WORDS})
    message: ClassVar[str] = "Page %(page)s repeats page %(first)s"
    recommendation: ClassVar[str] = "Check that no page is missing in its place."
    words_from: int = 20

    def applies_to(self, facts: FactSet) -> bool:
        """One page cannot repeat."""
        return len(facts.pages_read) > 1

    def run(self, facts: FactSet) -> Outcome:
        """Compare pages by their words alone, and only where there are enough to mean something."""
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
