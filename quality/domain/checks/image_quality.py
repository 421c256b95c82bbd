"""Image triage: is each page sharp, straight, dark and detailed enough to read?"""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from ingestion.domain.page.elements import ImageMeasures, PageReading, WordSource
from quality.domain.checks.check import Check
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier

ORDER = 40

BLANK_INK = 0.001


class ScannedPageCheck(Check):
    """Base class of checks on each scanned page; pages with native text have no image to check."""

    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.MINOR

    def applies_to(self, facts: FactSet) -> bool:
        """Apply if at least one page is an image."""
        return any(is_picture(page) for page in facts.pages_read)

    def run(self, facts: FactSet) -> Outcome:
        """Check each page's measures; UNKNOWN if a page has no measures."""
        pages = [page for page in facts.pages_read if is_picture(page) and not is_blank(page)]
        judged = [(page, page.measures) for page in pages if page.measures]
        found = [self.evidence(page, measures) for page, measures in judged if self.is_out_of_bounds(measures)]
        if found:
            return Outcome.failed(*found, score=1 - len(found) / len(pages))
        if len(judged) < len(pages) or not pages:
            return Outcome.unknown("some pages have no measures")
        return Outcome.passed()

    def evidence(self, page: PageReading, measures: ImageMeasures) -> Evidence:
        """Return evidence for the page, with the measured value."""
        return Evidence(page=page.number, values={"page": str(page.number), "value": self.display_value(measures)})

    @abstractmethod
    def is_out_of_bounds(self, measures: ImageMeasures) -> bool:
        """Return whether these measures are out of bounds."""

    @abstractmethod
    def display_value(self, measures: ImageMeasures) -> str:
        """Return the measure in readable form."""


def is_picture(page: PageReading) -> bool:
    """Return whether a page was read from its image rather than from a text layer."""
    return page.source is not WordSource.NATIVE


def is_blank(page: PageReading) -> bool:
    """Return whether a page is blank: no words, and hardly any ink."""
    return not page.words and page.measures is not None and page.measures.ink < BLANK_INK


@dataclass(frozen=True)
class BlurredPage(ScannedPageCheck):
    """The page is sharp: in focus, not moved, not compressed too much."""

    id: ClassVar[str] = "blurred"
    severity: ClassVar[Severity] = Severity.MAJOR
    message: ClassVar[str] = "Page %(page)s is blurred"
    recommendation: ClassVar[str] = "Check every value against the picture, or ask for a sharper scan."
    sharpness_from: float = 60.0

    def is_out_of_bounds(self, measures: ImageMeasures) -> bool:
        """Compare the variance of the Laplacian."""
        return measures.sharpness < self.sharpness_from

    def display_value(self, measures: ImageMeasures) -> str:
        """Return the variance."""
        return f"{measures.sharpness:.0f}"


@dataclass(frozen=True)
class LowContrast(ScannedPageCheck):
    """Text contrasts with the paper."""

    id: ClassVar[str] = "low_contrast"
    message: ClassVar[str] = "Page %(page)s is pale: ink and paper differ by %(value)s"
    recommendation: ClassVar[str] = "Look closely at faint characters, or ask for a darker scan."
    contrast_from: float = 0.3

    def is_out_of_bounds(self, measures: ImageMeasures) -> bool:
        """Compare the spread of grey levels."""
        return measures.contrast < self.contrast_from

    def display_value(self, measures: ImageMeasures) -> str:
        """Return the spread as a share."""
        return f"{measures.contrast:.0%}"


@dataclass(frozen=True)
class SkewedPage(ScannedPageCheck):
    """Text lines are not skewed."""

    id: ClassVar[str] = "skewed"
    message: ClassVar[str] = "Page %(page)s leans by %(value)s"
    recommendation: ClassVar[str] = "Check that values of neighbouring lines were not mixed up."
    degrees_up_to: float = 5.0

    def is_out_of_bounds(self, measures: ImageMeasures) -> bool:
        """Compare the angle in both directions."""
        return abs(measures.skew_degrees) > self.degrees_up_to

    def display_value(self, measures: ImageMeasures) -> str:
        """Return the angle."""
        return f"{abs(measures.skew_degrees):.1f} degrees"


@dataclass(frozen=True)
class LowResolution(ScannedPageCheck):
    """The resolution is high enough for small print."""

    id: ClassVar[str] = "low_resolution"
    message: ClassVar[str] = "Page %(page)s has only %(value)s"
    recommendation: ClassVar[str] = "Ask for a scan at 300 dpi if small print cannot be read."
    dpi_from: float = 140.0

    def is_out_of_bounds(self, measures: ImageMeasures) -> bool:
        """Compare the resolution of the source image."""
        return measures.dpi < self.dpi_from

    def display_value(self, measures: ImageMeasures) -> str:
        """Return the resolution in dots per inch."""
        return f"{measures.dpi:.0f} dpi"
