"""Fit how much of a page was read right, from the chances of its words and the signs of what was passed over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import spearmanr

from benchmarks.ocr_calibration.degraded_scans import Worn
from benchmarks.ocr_calibration.examples import Examples, Looked
from benchmarks.ocr_calibration.logistic import Floats, fit_logistic, predict
from ingestion.domain.ocr.lexicon import Lexicon
from ingestion.domain.ocr.page_confidence import page_features
from ingestion.domain.ocr.word_evidence import surroundings

_RIDGE = 1.0
_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Pages:
    """Pages that one engine read: features, and the share of the words written down that are among those read."""

    names: tuple[str, ...]
    features: Floats
    recall: Floats


def pages_of(
    looked: Sequence[Looked], found: Examples, chance: Floats, lexicon: Lexicon, *, heard: bool = False, own: bool
) -> Pages:
    """Give the pages of examples whose words have these chances; `heard` says that they are Tesseract's.

    `own` says that the lexicon was made of these very papers. Poor scans made on purpose are left out: they are
    far from all others, and with them pages as they come are ranked no better (receipts) or worse (forms).
    """
    rows: list[Mapping[str, float]] = []
    recall: list[float] = []
    for number, each in enumerate(looked):
        here = (found.paper == number) & found.first
        if isinstance(each.paper, Worn) or not here.any():
            continue
        words = each.seen.heard if heard else each.seen.read
        page = surroundings(words, lexicon, each.own() if own else frozenset())
        rows.append(page_features(chance[here].tolist(), page))
        true = sum(len(line.text.split()) for line in each.paper.lines)
        recall.append(float(found.right[here].sum()) / max(true, 1))
    names = tuple(rows[0]) if rows else ()
    return Pages(names, np.array([[row[name] for name in names] for row in rows]), np.array(recall))


def fit_pages(pages: Pages, *, ridge: float = _RIDGE) -> dict[str, float]:
    """Give the coefficients by name; each feature is shrunk by what it tells, whatever its measure."""
    spread = pages.features.std(axis=0)
    used = np.flatnonzero(spread > 0)
    plain = np.column_stack([np.ones(len(pages.recall)), pages.features[:, used] / spread[used]])
    constant, *weights = fit_logistic(plain, pages.recall, ridge=ridge)
    found = {pages.names[at]: weight / spread[at] for at, weight in zip(used, weights, strict=True)}
    return {name: round(float(weight), _DECIMALS) for name, weight in ({"one": constant} | found).items()}


def assess_pages(pages: Pages, coefficients: Mapping[str, float]) -> dict[str, float]:
    """Say how well told shares rank pages by their true recall (Spearman), and how far off they are on average."""
    told = predict(pages.features, np.array([coefficients.get(name, 0.0) for name in pages.names]))
    return {
        "count": len(told),
        "spearman": round(float(spearmanr(told, pages.recall).statistic), 4),
        "off": round(float(np.abs(told - pages.recall).mean()), 4),
    }
