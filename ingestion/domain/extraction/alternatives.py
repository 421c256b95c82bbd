"""Other readings of a field that a reviewer can choose; fragments of a value are none."""

import re
from collections.abc import Iterable, Mapping, Sequence

from ingestion.domain.extraction.candidates import FieldCandidate
from ingestion.domain.extraction.field_features import features_of
from ingestion.domain.extraction.prior_confidence import confidence_of
from ingestion.domain.layout.text_rows import RowSpan, bbox_of
from ingestion.domain.normalize import fold
from ingestion.domain.normalize.validators import validate
from ingestion.domain.schemas.fields import Alternative, FieldSpec
from ingestion.domain.schemas.kinds import value_type

MAX_ALTERNATIVES = 4
_TOKEN = re.compile(r"\d+(?:[.,'\u2019]\d+)*|[^\W\d_]+")


def find_alternatives(
    spec: FieldSpec, ranked: Sequence[FieldCandidate], pages: Mapping[int, float]
) -> tuple[Alternative, ...]:
    """Return the best candidates after the first; `pages` are the reading confidences by page number."""
    made = []
    for other in _whole_values(spec, ranked)[:MAX_ALTERNATIVES]:
        rivals = [other, *ranked[: ranked.index(other)]]
        page = other.spans[0].row.page if other.spans else None
        features = features_of(spec, rivals, validate(spec, other.normalized), pages.get(page or 0, 0.0))
        made.append(Alternative(other.value, confidence_of(spec.kind, features), page, bbox_of(other.spans)))
    return tuple(made)


def _whole_values(spec: FieldSpec, ranked: Sequence[FieldCandidate]) -> list[FieldCandidate]:
    kept = [ranked[0]]
    for other in ranked[1:]:
        if not _cuts_word(other.spans) and not any(is_fragment(spec.kind, other, whole) for whole in kept):
            kept.append(other)
    return kept[1:]


def is_fragment(kind: str, part: FieldCandidate, whole: FieldCandidate) -> bool:
    """Return whether one candidate is a part of another: of its place on the page, or of its words."""
    if any(
        inner.row.index == outer.row.index and inner.overlaps(outer) for inner in part.spans for outer in whole.spans
    ):
        return len(_words(part.value)) < len(_words(whole.value)) or len(part.value) < len(whole.value)
    if not value_type(kind).has_fragments:
        return False
    inside, around = _words(part.value), _words(whole.value)
    starts = range(len(around) - len(inside) + 1)
    return len(inside) < len(around) and any(around[at : at + len(inside)] == inside for at in starts)


def _words(text: str) -> list[str]:
    """Return the folded words of a text; punctuation separates them."""
    return "".join(letter if letter.isalnum() else " " for letter in fold(text)).split()


def _cuts_word(spans: Iterable[RowSpan]) -> bool:
    """Return whether a span begins or ends inside a number or a word."""
    return any(
        token.start() < at < token.end()
        for span in spans
        for token in _TOKEN.finditer(span.row.text)
        for at in (span.start, span.stop)
    )
