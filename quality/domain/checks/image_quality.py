"""Triage of the picture: is each page sharp, straight, dark and fine enough to be read?"""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from ingestion.domain.page.elements import ImageMeasures, PageReading, WordSource
from quality.domain.checks.check import Check
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier

BLANK_INK = 0.001


class PageCheck(Check):
    """A question asked of each scanned page; text that was born digital has no picture to judge."""

    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.MINOR

    def applies_to(self, facts: FactSet) -> bool:
        """Ask only where some page is a picture."""
        return any(is_picture(page) for page in facts.pages_read)

    def run(self, facts: FactSet) -> Outcome:
        """Judge each page's measures; a page without measures leaves the answer open."""
        pages = [page for page in facts.pages_read if is_picture(page) and not is_blank(page)]
        judged = [(page, page.measures) for page in pages if page.measures]
        found = [self.evidence(page, measures) for page, measures in judged if self.bad(measures)]
        if found:
            return Outcome.failed(*found, score=1 - len(found) / len(pages))
        if len(judged) < len(pages) or not pages:
            return Outcome.unknown("some pages have no measures")
        return Outcome.passed()

    def evidence(self, page: PageReading, measures: ImageMeasures) -> Evidence:
        """Point at the page, with the number that was measured."""
        return Evidence(page=page.number, values={"page": str(page.number), "value": self.shown(measures)})

    @abstractmethod
    def bad(self, measures: ImageMeasures) -> bool:
        """Say whether these measures are out of bounds."""

    @abstractmethod
    def shown(self, measures: ImageMeasures) -> str:
        """Give the measure as people read it."""


def is_picture(page: PageReading) -> bool:
    """Say whether a page was read from its picture rather than from a text layer."""
    return page.source is not WordSource.NATIVE


def is_blank(page: PageReading) -> bool:
    """Say whether a page holds nothing: no word, and hardly any ink."""
    return not page.words and page.measures is not None and page.measures.ink < BLANK_INK


@dataclass(frozen=True)
class Blurred(PageCheck):
    """Edges are soft: out of focus, moved, or compressed too hard."""

    id: ClassVar[str] = "blurred"
    severity: ClassVar[Severity] = Severity.MAJOR
    message: ClassVar[str] = "Page %(page)s is blurred"
    recommendation: ClassVar[str] = "Check every value against the picture, or ask for a sharper scan."
    sharpness_from: float = 60.0

    def bad(self, measures: ImageMeasures) -> bool:
        """Compare the variance of the Laplacian."""
        return measures.sharpness < self.sharpness_from

    def shown(self, measures: ImageMeasures) -> str:
        """Give the variance."""
        return f"{measures.sharpness:.0f}"


@dataclass(frozen=True)
class LowContrast(PageCheck):
    """Text hardly stands out from its paper."""

    id: ClassVar[str] = "low_contrast"
    message: ClassVar[str] = "Page %(page)s is pale: ink and paper differ by %(value)s"
    recommendation: ClassVar[str] = "Look closely at faint characters, or ask for a darker scan."
    contrast_from: float = 0.3

    def bad(self, measures: ImageMeasures) -> bool:
        """Compare the spread of grey levels."""
        return measures.contrast < self.contrast_from

    def shown(self, measures: ImageMeasures) -> str:
        """Give the spread as a share."""
        return f"{measures.contrast:.0%}"


@dataclass(frozen=True)
class Skewed(PageCheck):
    """Text lines lean."""

    id: ClassVar[str] = "skewed"
    message: ClassVar[str] = "Page %(page)s leans by %(value)s"
    recommendation: ClassVar[str] = "Check that values of neighbouring lines were not mixed up."
    degrees_up_to: float = 5.0

    def bad(self, measures: ImageMeasures) -> bool:
        """Compare the angle, either way."""
        return abs(measures.skew_degrees) > self.degrees_up_to

    def shown(self, measures: ImageMeasures) -> str:
        """Give the angle."""
        return f"{abs(measures.skew_degrees):.1f} degrees"


@dataclass(frozen=True)
class LowResolution(PageCheck):
    """Too few pixels for small print."""

    id: ClassVar[str] = "low_resolution"
    message: ClassVar[str] = "Page %(page)s has only %(value)s"
    recommendation: ClassVar[str] = "Ask for a scan at 300 dpi if small print cannot be read."
    dpi_from: float = 140.0

    def bad(self, measures: ImageMeasures) -> bool:
        """Compare the source's resolution."""
        return measures.dpi < self.dpi_from

    def shown(self, measures: ImageMeasures) -> str:
        """Give it in dots per inch."""
        return f"{measures.dpi:.0f} dpi"
