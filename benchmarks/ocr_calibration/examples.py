"""Conversion of receipts to examples: each word with its features, and whether it is right."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.ocr_calibration.degraded_scans import DegradedScan
from benchmarks.ocr_calibration.engine_views import EngineReadings, read_with_both_engines
from benchmarks.ocr_calibration.logistic import Floats
from benchmarks.ocr_calibration.reading_cache import CachedPpOcrEngine, CachedTesseract, ReadingCache
from benchmarks.ocr_calibration.receipts import LabelledScan, ReceiptScan, label_words
from ingestion.domain.ocr.agreement import ComparedWord, compare_readings
from ingestion.domain.ocr.lexicon import Lexicon, digest_of
from ingestion.domain.ocr.word_evidence import PageContext, page_context, word_features

_LOG = logging.getLogger("refinery.calibration")
_MIN_SCANS = 2
_LEXICON_SHARES = (0.0, 0.25)  # of the lexicon, alternating by paper
_COPY_OFFSET = 10_000  # added to the number of a duplicated line
_SECOND_ENGINE_FEATURES = frozenset(
    {
        "heard",
        "alike",
        "same",
        "same_folded",
        "likeness",
        "sure_alike",
        "sure_unlike",
        "apart",
        "edits",
        "longer",
        "rival_heard",
        "near_alike",
        "known_heard",
        "page",
    }
)
_FIRST_ENGINE_FEATURES = frozenset(
    {
        "second",
        "first",
        "last",
        "rival",
        "space_before",
        "space_after",
        "space_inside",
        "lost",
        "stretch",
        "line",
        "company",
        "even",
        "left",
        "right",
        "starts",
        "ends",
        "after_mark",
        "after_opens",
        "before_colon",
        "tall",
        "beside_mark",
        "beside_single",
        "taller",
        "tight",
        "known_joined_left",
        "known_joined_right",
        "known_rival",
    }
)
EXCLUDED_FEATURES = {
    "rapidocr": _SECOND_ENGINE_FEATURES,
    "lines": frozenset({"page"}),
    "both": frozenset[str](),
    "tesseract": _SECOND_ENGINE_FEATURES | _FIRST_ENGINE_FEATURES,
}


@dataclass(frozen=True, slots=True)
class WordExamples:
    """Words of one basis: features, whether each is right, and the indices of its paper and its line."""

    names: tuple[str, ...]
    features: Floats
    correct: Floats
    scan_index: npt.NDArray[np.intp]
    line_number: npt.NDArray[np.intp]

    @property
    def is_original(self) -> npt.NDArray[np.bool_]:
        """Return which words are originals, not copies."""
        return self.line_number < _COPY_OFFSET

    def select(self, rows: npt.NDArray[np.bool_]) -> "WordExamples":
        """Return a subset of the rows."""
        return WordExamples(
            self.names, self.features[rows], self.correct[rows], self.scan_index[rows], self.line_number[rows]
        )


@dataclass(frozen=True, slots=True)
class ScanReadings:
    """Paper as read by both engines; its own words do not count as known if the lexicon includes it."""

    scan: LabelledScan
    readings: EngineReadings

    def own_digests(self) -> frozenset[int]:
        """Return the digests of the paper's words; empty for a form, which the lexicon never includes."""
        scan = self.scan.original if isinstance(self.scan, DegradedScan) else self.scan
        return word_digests(scan) if isinstance(scan, ReceiptScan) else frozenset()


def read_scans(scans: Sequence[LabelledScan], store: ReadingCache) -> Iterator[ScanReadings]:
    """Read papers with both engines."""
    ppocr, tesseract = CachedPpOcrEngine(store), CachedTesseract(store)
    for done, scan in enumerate(scans, 1):
        yield ScanReadings(scan, read_with_both_engines(scan.image(), ppocr, tesseract))
        _LOG.info("read %d of %d", done, len(scans))


def lexicon_of(known: Iterable[LabelledScan]) -> Lexicon:
    """Count the papers that contain each word; words of a single paper are left out."""
    papers: Counter[int] = Counter()
    for paper in known:
        papers.update(word_digests(paper))
    return Lexicon({word: count for word, count in sorted(papers.items()) if count >= _MIN_SCANS})


def word_examples(scans: Sequence[ScanReadings], lexicon: Lexicon, basis: str, *, own: bool) -> WordExamples:
    """Return all words of a basis; `own` means that the lexicon was built from the same papers."""
    rows: list[list[float]] = []
    right: list[bool] = []
    paper: list[int] = []
    line: list[int] = []
    names: tuple[str, ...] = ()
    for number, each in enumerate(scans):
        page, judged = _compare_engines(each, lexicon, basis, own=own)
        found = word_features(judged, page, lexicon)
        names = names or tuple(name for name in (found[0] if found else ()) if name not in EXCLUDED_FEATURES[basis])
        rows += [[values[name] for name in names] for values in found]
        right += label_words([each.word for each in judged], each.scan)
        paper += [number] * len(found)
        line += _lines(each.readings) if basis != "tesseract" else [0] * len(found)
    return WordExamples(
        names,
        np.array(rows, dtype=np.float64),
        np.array(right, dtype=np.float64),
        np.array(paper, dtype=np.intp),
        np.array(line, dtype=np.intp),
    )


def examples_with_thinned_lexicon(scans: Sequence[ScanReadings], lexicon: Lexicon, basis: str) -> WordExamples:
    """Return all words twice: as they are, and as if the lexicon had few words or none.

    Otherwise the fit would learn, from receipts only, that words missing in the lexicon are doubtful.
    """
    whole = word_examples(scans, lexicon, basis, own=True)
    less = [word_examples(scans, thin_lexicon(lexicon, share), basis, own=True) for share in _LEXICON_SHARES]
    bare = np.array([number % len(_LEXICON_SHARES) for number in whole.scan_index])
    features = np.where((bare == 0)[:, None], less[0].features, less[1].features)
    return WordExamples(
        whole.names,
        np.concatenate([whole.features, features]),
        np.concatenate([whole.correct, whole.correct]),
        np.concatenate([whole.scan_index, whole.scan_index]),
        np.concatenate([whole.line_number, whole.line_number + _COPY_OFFSET]),
    )


def thin_lexicon(lexicon: Lexicon, share: float) -> Lexicon:
    """Keep a share of the words, selected by their digests, so that it is reproducible."""
    return Lexicon({word: count for word, count in lexicon.document_counts.items() if word % 1000 < 1000 * share})


def _compare_engines(
    scan: ScanReadings, lexicon: Lexicon, basis: str, *, own: bool
) -> tuple[PageContext, Sequence[ComparedWord]]:
    readings = scan.readings
    words = readings.tesseract_words if basis == "tesseract" else readings.ppocr_words
    page = page_context(words, lexicon, scan.own_digests() if own else frozenset())
    if basis in ("both", "lines"):
        return page, compare_readings(
            words, readings.tesseract_words if basis == "both" else readings.tesseract_line_words
        ).words
    return page, [ComparedWord(word) for word in words]


def _lines(seen: EngineReadings) -> list[int]:
    return [number for number, line in enumerate(seen.ppocr_lines) for _ in line]


def word_digests(scan: LabelledScan) -> frozenset[int]:
    """Return the digests of the words in the truth of a paper."""
    return frozenset(digest_of(word) for line in scan.lines for word in line.text.split())
