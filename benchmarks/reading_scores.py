"""What a reading is worth beside the truth: words, characters, and how far confidences can be believed."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein
from scipy.stats import spearmanr

from benchmarks.ocr_calibration.logistic import assess
from ingestion.domain.page.elements import PageReading

Floats = npt.NDArray[np.float64]

RESAMPLES = 500
SURE = 0.9
_ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class PageScore:
    """One page: words right, read and true; characters wrong and true; each word's chance and whether it is right.

    Words are compared case-folded as a bag, exactly and with their punctuation; characters without blanks.
    """

    right: int
    read: int
    true: int
    wrong_characters: int
    true_characters: int
    chances: Floats
    hits: Floats
    confidence: float


def score(page: PageReading, lines: Sequence[str]) -> PageScore:
    """Hold a page against the lines that a person wrote down."""
    left = Counter(word for line in lines for word in line.casefold().split())
    true, hits = left.total(), []
    for word in page.words:
        text = word.text.casefold()
        hits.append(left[text] > 0)
        left[text] -= hits[-1]
    target, found = _bare(" ".join(lines)), _bare(page.text)
    return PageScore(
        sum(hits),
        len(page.words),
        true,
        Levenshtein.distance(found, target),
        len(target),
        np.array([word.confidence for word in page.words], dtype=np.float64),
        np.array(hits, dtype=np.float64),
        page.confidence,
    )


def _bare(text: str) -> str:
    return "".join(text.casefold().split())


def word_f1(pages: Sequence[PageScore]) -> float:
    """Give the harmonic mean of precision and recall, over all words."""
    return 2 * sum(p.right for p in pages) / max(sum(p.read + p.true for p in pages), 1)


def character_errors(pages: Sequence[PageScore]) -> float:
    """Give the share of characters to mend, blanks aside."""
    return sum(p.wrong_characters for p in pages) / max(sum(p.true_characters for p in pages), 1)


def sure_precision(pages: Sequence[PageScore]) -> float:
    """Give the share of right words among those with a confidence of at least .9."""
    hits = np.concatenate([p.hits[p.chances >= SURE] for p in pages])
    return float(hits.mean()) if len(hits) else 1.0


def sure_coverage(pages: Sequence[PageScore]) -> float:
    """Give the share of words with such a confidence."""
    return sum(int((p.chances >= SURE).sum()) for p in pages) / max(sum(p.read for p in pages), 1)


def auroc(pages: Sequence[PageScore]) -> float:
    """Say how well confidences rank right words before wrong ones."""
    return assess(*_all(pages)).auroc


def calibration_error(pages: Sequence[PageScore]) -> float:
    """Give the mean gap between what confidences promise and what holds."""
    return assess(*_all(pages)).ece


def page_ranking(pages: Sequence[PageScore]) -> float:
    """Say how well the pages' confidences rank them by their true recall (Spearman)."""
    recalls = [p.right / max(p.true, 1) for p in pages]
    told = [p.confidence for p in pages]
    return float(spearmanr(told, recalls).statistic) if len(set(told)) > 1 and len(set(recalls)) > 1 else 0.0


def _all(pages: Sequence[PageScore]) -> tuple[Floats, Floats]:
    return np.concatenate([p.chances for p in pages]), np.concatenate([p.hits for p in pages])


def interval(pages: Sequence[PageScore], figure: Callable[[Sequence[PageScore]], float]) -> tuple[float, float]:
    """Give the 95 % interval of a figure: documents are drawn anew, for the words of one hang together."""
    random = np.random.default_rng(2024)
    drawn = [figure([pages[at] for at in random.integers(0, len(pages), len(pages))]) for _ in range(RESAMPLES)]
    low, high = np.quantile(drawn, (_ALPHA / 2, 1 - _ALPHA / 2))
    return float(low), float(high)
