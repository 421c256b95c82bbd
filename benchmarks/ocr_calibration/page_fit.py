"""Fit the share of a page that was read right, from its words' probabilities and signs of overlooked text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import spearmanr

from benchmarks.ocr_calibration.degraded_scans import DegradedScan
from benchmarks.ocr_calibration.examples import ScanReadings, WordExamples
from benchmarks.ocr_calibration.logistic import Floats, fit_logistic, predict
from ingestion.domain.ocr.lexicon import Lexicon
from ingestion.domain.ocr.page_confidence import page_features
from ingestion.domain.ocr.word_evidence import page_context

_RIDGE = 1.0
_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class PageExamples:
    """Pages read by one engine: features, and the share of their true words that are among those read."""

    names: tuple[str, ...]
    features: Floats
    recall: Floats


def page_examples(
    scans: Sequence[ScanReadings],
    examples: WordExamples,
    chance: Floats,
    lexicon: Lexicon,
    *,
    by_tesseract: bool = False,
    own: bool,
) -> PageExamples:
    """Return the pages of examples with these word probabilities; `by_tesseract` selects Tesseract's words.

    `own` means that the lexicon was built from the same papers. Artificial poor scans are left out: they are far from
    all others, and with them ordinary pages are ranked no better (receipts) or worse (forms).
    """
    rows: list[Mapping[str, float]] = []
    recall: list[float] = []
    for number, each in enumerate(scans):
        here = (examples.scan_index == number) & examples.is_original
        if isinstance(each.scan, DegradedScan) or not here.any():
            continue
        words = each.readings.tesseract_words if by_tesseract else each.readings.ppocr_words
        page = page_context(words, lexicon, each.own_digests() if own else frozenset())
        rows.append(page_features(chance[here].tolist(), page))
        true = sum(len(line.text.split()) for line in each.scan.lines)
        recall.append(float(examples.correct[here].sum()) / max(true, 1))
    names = tuple(rows[0]) if rows else ()
    return PageExamples(names, np.array([[row[name] for name in names] for row in rows]), np.array(recall))


def fit_pages(pages: PageExamples, *, ridge: float = _RIDGE) -> dict[str, float]:
    """Return the coefficients by name; features are standardised, so that shrinkage does not depend on units."""
    spread = pages.features.std(axis=0)
    used = np.flatnonzero(spread > 0)
    plain = np.column_stack([np.ones(len(pages.recall)), pages.features[:, used] / spread[used]])
    constant, *weights = fit_logistic(plain, pages.recall, ridge=ridge)
    found = {pages.names[at]: weight / spread[at] for at, weight in zip(used, weights, strict=True)}
    return {name: round(float(weight), _DECIMALS) for name, weight in ({"one": constant} | found).items()}


def assess_pages(pages: PageExamples, coefficients: Mapping[str, float]) -> dict[str, float]:
    """Return how well predicted shares rank pages by true recall (Spearman), and their mean absolute error."""
    predicted = predict(pages.features, np.array([coefficients.get(name, 0.0) for name in pages.names]))
    return {
        "count": len(predicted),
        "spearman": round(float(spearmanr(predicted, pages.recall).statistic), 4),
        "off": round(float(np.abs(predicted - pages.recall).mean()), 4),
    }
