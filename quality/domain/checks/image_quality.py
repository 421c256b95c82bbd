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
        faults = [(page, self.fault(measures)) for page, measures in judged]
        found = [self.evidence(page, fault) for page, fault in faults if fault]
        if found:
            return Outcome.failed(*found, score=1 - len(found) / len(pages))
        if len(judged) < len(pages) or not pages:
            return Outcome.unknown("some pages were not measured")
        return Outcome.passed()

    def evidence(self, page: PageReading, fault: str) -> Evidence:
        """Return evidence for the page, with the measured value."""
        return Evidence(page=page.number, values={"page": str(page.number), "value": fault})

    @abstractmethod
    def fault(self, measures: ImageMeasures) -> str:
        """Return the measured value in readable form if it is out of bounds, otherwise an empty text."""


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

    def fault(self, measures: ImageMeasures) -> str:
        """Compare the variance of the Laplacian."""
        return f"{measures.sharpness:.0f}" if measures.sharpness < self.sharpness_from else ""


@dataclass(frozen=True)
class LowContrast(ScannedPageCheck):
    """Text contrasts with the paper."""

    id: ClassVar[str] = "low_contrast"
    message: ClassVar[str] = "Page %(page)s is pale: the contrast of ink and paper is only %(value)s"
    recommendation: ClassVar[str] = "Look closely at faint characters, or ask for a darker scan."
    contrast_from: float = 0.3

    def fault(self, measures: ImageMeasures) -> str:
        """Compare the spread of grey levels, shown as a share."""
        return f"{measures.contrast:.0%}" if measures.contrast < self.contrast_from else ""


@dataclass(frozen=True)
class SkewedPage(ScannedPageCheck):
    """Text lines are not skewed."""

    id: ClassVar[str] = "skewed"
    message: ClassVar[str] = "Page %(page)s is tilted by %(value)s"
    recommendation: ClassVar[str] = "Check that values of neighbouring lines were not mixed up."
    degrees_up_to: float = 5.0

    def fault(self, measures: ImageMeasures) -> str:
        """Compare the angle in both directions."""
        angle = abs(measures.skew_degrees)
        return f"{angle:.1f} degrees" if angle > self.degrees_up_to else ""


@dataclass(frozen=True)
class LowResolution(ScannedPageCheck):
    """The resolution is high enough for small print."""

    id: ClassVar[str] = "low_resolution"
    message: ClassVar[str] = "Page %(page)s has only %(value)s"
    recommendation: ClassVar[str] = "Ask for a scan at 300 dpi if small print cannot be read."
    dpi_from: float = 140.0

    def fault(self, measures: ImageMeasures) -> str:
        """Compare the resolution of the source image, in dots per inch."""
        return f"{measures.dpi:.0f} dpi" if measures.dpi < self.dpi_from else ""
