"""Scores of a reading against the truth: words, characters, and the reliability of confidences."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein
from scipy.stats import spearmanr

from benchmarks.ocr_calibration.logistic import measure_probabilities
from ingestion.domain.page.elements import PageReading

Floats = npt.NDArray[np.float64]

RESAMPLES = 500
SURE_CONFIDENCE = 0.9
_ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class PageScore:
    """One page: words right, read and true; characters wrong and true; each word's confidence and correctness.

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
    """Score a page against the transcribed lines."""
    left = Counter(word for line in lines for word in line.casefold().split())
    true, hits = left.total(), []
    for word in page.words:
        text = word.text.casefold()
        hits.append(left[text] > 0)
        left[text] -= hits[-1]
    target, found = _normalised_text(" ".join(lines)), _normalised_text(page.text)
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


def _normalised_text(text: str) -> str:
    return "".join(text.casefold().split())


def word_f1(pages: Sequence[PageScore]) -> float:
    """Return the harmonic mean of precision and recall, over all words."""
    return 2 * sum(p.right for p in pages) / max(sum(p.read + p.true for p in pages), 1)


def character_errors(pages: Sequence[PageScore]) -> float:
    """Return the character error rate, without blanks."""
    return sum(p.wrong_characters for p in pages) / max(sum(p.true_characters for p in pages), 1)


def sure_precision(pages: Sequence[PageScore]) -> float:
    """Return the share of right words among those with a confidence of at least .9."""
    hits = np.concatenate([p.hits[p.chances >= SURE_CONFIDENCE] for p in pages])
    return float(hits.mean()) if len(hits) else 1.0


def sure_coverage(pages: Sequence[PageScore]) -> float:
    """Return the share of words with such a confidence."""
    return sum(int((p.chances >= SURE_CONFIDENCE).sum()) for p in pages) / max(sum(p.read for p in pages), 1)


def auroc(pages: Sequence[PageScore]) -> float:
    """Return how well confidences rank right words before wrong ones."""
    return measure_probabilities(*_all(pages)).auroc


def calibration_error(pages: Sequence[PageScore]) -> float:
    """Return the mean difference between confidences and actual shares."""
    return measure_probabilities(*_all(pages)).ece


def page_ranking(pages: Sequence[PageScore]) -> float:
    """Return how well the pages' confidences rank them by their true recall (Spearman)."""
    recalls = [p.right / max(p.true, 1) for p in pages]
    confidences = [p.confidence for p in pages]
    return (
        float(spearmanr(confidences, recalls).statistic) if len(set(confidences)) > 1 and len(set(recalls)) > 1 else 0.0
    )


def _all(pages: Sequence[PageScore]) -> tuple[Floats, Floats]:
    return np.concatenate([p.chances for p in pages]), np.concatenate([p.hits for p in pages])


def interval(pages: Sequence[PageScore], figure: Callable[[Sequence[PageScore]], float]) -> tuple[float, float]:
    """Return the 95 % interval of a figure; documents are resampled, as words of one are correlated."""
    random = np.random.default_rng(2024)
    drawn = [figure([pages[at] for at in random.integers(0, len(pages), len(pages))]) for _ in range(RESAMPLES)]
    low, high = np.quantile(drawn, (_ALPHA / 2, 1 - _ALPHA / 2))
    return float(low), float(high)
