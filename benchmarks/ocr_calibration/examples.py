"""Receipts become examples: each word with what speaks for it, and whether it is right."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.ocr_calibration.degraded_scans import Worn
from benchmarks.ocr_calibration.engine_views import Seen, both_readings
from benchmarks.ocr_calibration.logistic import Floats
from benchmarks.ocr_calibration.reading_cache import KeptPpOcr, KeptWitness, Store
from benchmarks.ocr_calibration.receipts import Paper, Receipt, label
from ingestion.domain.ocr.agreement import Judged, judge
from ingestion.domain.ocr.lexicon import Lexicon, digests
from ingestion.domain.ocr.word_evidence import Surroundings, evidence, surroundings

_LOG = logging.getLogger("refinery.calibration")
_LEAST_PAPERS = 2
_KEPT = (0.0, 0.25)  # of the lexicon, for every second paper
_COPY = 10_000  # added to the number of a line that is there once more
_OF_WITNESS = frozenset({
    "heard", "alike", "same", "same_folded", "likeness", "sure_alike", "sure_unlike", "apart", "edits", "longer",
    "rival_heard", "near_alike", "known_heard", "page",
})  # fmt: skip
_OF_READER = frozenset({
    "second", "first", "last", "rival", "space_before", "space_after", "space_inside", "lost", "stretch", "line",
    "company", "even", "left", "right", "starts", "ends", "after_mark", "after_opens", "before_colon", "tall",
    "beside_mark", "beside_single", "taller", "tight", "known_joined_left", "known_joined_right", "known_rival",
})  # fmt: skip
LEFT_OUT = {
    "rapidocr": _OF_WITNESS,
    "lines": frozenset({"page"}),
    "both": frozenset[str](),
    "tesseract": _OF_WITNESS | _OF_READER,
}


@dataclass(frozen=True, slots=True)
class Examples:
    """Words of one basis: features, whether each is right, and the numbers of its paper and its line."""

    names: tuple[str, ...]
    features: Floats
    right: Floats
    paper: npt.NDArray[np.intp]
    line: npt.NDArray[np.intp]

    @property
    def first(self) -> npt.NDArray[np.bool_]:
        """Say which words are there as they are, not once more."""
        return self.line < _COPY

    def chosen(self, rows: npt.NDArray[np.bool_]) -> "Examples":
        """Give some of them."""
        return Examples(self.names, self.features[rows], self.right[rows], self.paper[rows], self.line[rows])


@dataclass(frozen=True, slots=True)
class Looked:
    """A paper as both engines see it; its own words do not count as known where it is one of the lexicon's."""

    paper: Paper
    seen: Seen

    def own(self) -> frozenset[int]:
        """Give the digests of its own words; a form is no paper of the lexicon."""
        paper = self.paper.paper if isinstance(self.paper, Worn) else self.paper
        return own_words(paper) if isinstance(paper, Receipt) else frozenset()


def look(papers: Sequence[Paper], store: Store) -> Iterator[Looked]:
    """Have papers read by both engines."""
    ppocr, witness = KeptPpOcr(store), KeptWitness(store)
    for done, paper in enumerate(papers, 1):
        yield Looked(paper, both_readings(paper.image(), ppocr, witness))
        _LOG.info("read %d of %d", done, len(papers))


def lexicon_of(known: Iterable[Paper]) -> Lexicon:
    """Count on how many papers each word was written down; one that stood on one alone is left out."""
    papers: Counter[int] = Counter()
    for paper in known:
        papers.update(own_words(paper))
    return Lexicon({word: count for word, count in sorted(papers.items()) if count >= _LEAST_PAPERS})


def examples(looked: Sequence[Looked], lexicon: Lexicon, basis: str, *, own: bool) -> Examples:
    """Give all words of a basis; `own` says that the lexicon was made of these very papers."""
    rows: list[list[float]] = []
    right: list[bool] = []
    paper: list[int] = []
    line: list[int] = []
    names: tuple[str, ...] = ()
    for number, each in enumerate(looked):
        page, judged = _judged(each, lexicon, basis, own=own)
        found = evidence(judged, page, lexicon)
        names = names or tuple(name for name in (found[0] if found else ()) if name not in LEFT_OUT[basis])
        rows += [[values[name] for name in names] for values in found]
        right += label([each.word for each in judged], each.paper)
        paper += [number] * len(found)
        line += _lines(each.seen) if basis != "tesseract" else [0] * len(found)
    return Examples(
        names,
        np.array(rows, dtype=np.float64),
        np.array(right, dtype=np.float64),
        np.array(paper, dtype=np.intp),
        np.array(line, dtype=np.intp),
    )


def with_less_known(looked: Sequence[Looked], lexicon: Lexicon, basis: str) -> Examples:
    """Give all words twice: as they are, and as if the lexicon had few words or none.

    Else the fit would learn from receipts alone that a word is doubtful when none of them had it.
    """
    whole = examples(looked, lexicon, basis, own=True)
    less = [examples(looked, thinned(lexicon, share), basis, own=True) for share in _KEPT]
    bare = np.array([number % len(_KEPT) for number in whole.paper])
    features = np.where((bare == 0)[:, None], less[0].features, less[1].features)
    return Examples(
        whole.names,
        np.concatenate([whole.features, features]),
        np.concatenate([whole.right, whole.right]),
        np.concatenate([whole.paper, whole.paper]),
        np.concatenate([whole.line, whole.line + _COPY]),
    )


def thinned(lexicon: Lexicon, share: float) -> Lexicon:
    """Keep a share of the words, chosen by their digests: the same ones every time."""
    return Lexicon({word: count for word, count in lexicon.papers.items() if word % 1000 < 1000 * share})


def _judged(looked: Looked, lexicon: Lexicon, basis: str, *, own: bool) -> tuple[Surroundings, Sequence[Judged]]:
    seen = looked.seen
    words = seen.heard if basis == "tesseract" else seen.read
    page = surroundings(words, lexicon, looked.own() if own else frozenset())
    if basis in ("both", "lines"):
        return page, judge(words, seen.heard if basis == "both" else seen.shown).judged
    return page, [Judged(word) for word in words]


def _lines(seen: Seen) -> list[int]:
    return [number for number, line in enumerate(seen.lines) for _ in line]


def own_words(paper: Paper) -> frozenset[int]:
    """Give the digests of the words that were written down of a paper."""
    return digests(word for line in paper.lines for word in line.text.split())
