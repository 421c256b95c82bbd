"""Currency of a document: the one of a label, otherwise the one of most amounts.

A sign that several countries use ("$", "kr") counts for the currency that the document shows otherwise: by a code, an
address, a tax. Without such evidence its normalised value stays empty, and its currencies are alternatives.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ingestion.domain.extraction.anchors import LabelHitsByRow, label_anchors
from ingestion.domain.extraction.candidates import FieldCandidate
from ingestion.domain.layout.text_rows import DocumentRows, RowSpan, TextRow
from ingestion.domain.normalize import currencies_of, find_amounts
from ingestion.domain.normalize.currencies import ISO_CURRENCIES, currency_mark, named_currencies
from ingestion.domain.normalize.origin import count_origins, resolve_currency
from ingestion.domain.schemas.fields import FieldSpec

_BESIDE_AMOUNT, _ALONE = 2, 1  # weights of a mark
_OFFERED = 3  # currencies of a sign without evidence
_GUESS_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class _PrintedMark:
    """Currency mark at a place, with the codes that it may mean."""

    span: RowSpan
    codes: tuple[str, ...]
    weight: int


def _marks_of(row: TextRow) -> Iterator[_PrintedMark]:
    beside = set()
    for match in find_amounts(row.text):
        if match.mark and match.mark not in beside:
            beside.add(match.mark)
            at = row.text.find(match.mark, match.start, match.stop)
            span = RowSpan(row, at, at + len(match.mark)) if at >= 0 else RowSpan(row, match.start, match.stop)
            yield _PrintedMark(span, currencies_of(match.mark), _BESIDE_AMOUNT)
    first = currency_mark(row.text)
    if first and row.text[slice(*first)] not in beside:
        yield _PrintedMark(RowSpan(row, *first), currencies_of(row.text[slice(*first)]), _ALONE)


def _labelled(
    doc: DocumentRows, spec: FieldSpec, hits: LabelHitsByRow, evidence: "_Evidence"
) -> Iterator[FieldCandidate]:
    for anchor in label_anchors(doc, hits, spec.name):
        window = anchor.window
        first = window.text.split()[0].strip(".,;:()")
        mark = currency_mark(window.text)
        codes = currencies_of(first) or (currencies_of(window.text[slice(*mark)]) if mark else ())
        named = () if codes else named_currencies(window.text)
        code = evidence.resolve(codes or named)
        if codes or named:
            signals = {
                "label": anchor.label.score,
                "label_priority": anchor.label.priority,
                "distance": anchor.distance,
                "below": float(anchor.direction == "below"),
                "by_code": float(first in ISO_CURRENCIES),
                "ambiguous": float(code is None),
                "impossible": float(code is None),
            }
            span = window if named else RowSpan(window.row, window.start, window.start + len(first))
            yield FieldCandidate(span.text, code or "", (span,), "label", signals)


class _Evidence:
    """Codes that are printed, and the weight of the document's countries, which is counted when a sign needs it."""

    def __init__(self, doc: DocumentRows, marks: list[_PrintedMark]) -> None:
        self._doc = doc
        self._codes = frozenset(mark.codes[0] for mark in marks if len(mark.codes) == 1)

    @cached_property
    def _origins(self) -> Mapping[str, int]:
        return count_origins(row.text for row in self._doc.rows)

    def resolve(self, codes: tuple[str, ...]) -> str | None:
        """Return the currency that is meant; None without evidence."""
        if len(codes) < 2:
            return codes[0] if codes else None
        return resolve_currency(codes, self._origins, self._codes)


def _candidates(marks: list[_PrintedMark], evidence: _Evidence) -> Iterator[FieldCandidate]:
    """Yield each currency with its share of all marks, and what a sign without evidence may mean."""
    weights: Counter[tuple[str, ...]] = Counter()
    places: dict[tuple[str, ...], RowSpan] = {}
    for mark in marks:
        code = evidence.resolve(mark.codes)
        key = (code,) if code else mark.codes
        weights[key] += mark.weight
        places.setdefault(key, mark.span)
    for codes, weight in weights.items():
        share, span = weight / weights.total(), places[codes]
        if len(codes) == 1:
            yield FieldCandidate(codes[0], codes[0], (span,), "pattern", {"share": share})
            continue
        doubt = {"share": share, "ambiguous": 1.0, "impossible": 1.0}
        yield FieldCandidate(span.text, "", (span,), "pattern", doubt)
        for rank, code in enumerate(codes[:_OFFERED]):
            guess = {"share": share * _GUESS_SHARE * (_OFFERED - rank), "ambiguous": 1.0}
            yield FieldCandidate(code, code, (span,), "pattern", guess)


def currency_candidates(doc: DocumentRows, spec: FieldSpec, hits: LabelHitsByRow) -> list[FieldCandidate]:
    """Propose the labelled currency and those beside amounts, each with its share of all marks."""
    marks = [mark for row in doc.rows for mark in _marks_of(row)]
    evidence = _Evidence(doc, marks)
    return [*_labelled(doc, spec, hits, evidence), *_candidates(marks, evidence)]
