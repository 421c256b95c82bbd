"""Free texts: the text after a label unchanged, or the part of it that matches the field's pattern."""

import re
from collections.abc import Iterator

from ingestion.domain.extraction.anchors import LabelHitsByRow, label_anchors
from ingestion.domain.extraction.candidates import FieldCandidate
from ingestion.domain.layout.text_rows import DocumentRows, RowSpan
from ingestion.domain.normalize import normalize
from ingestion.domain.schemas.fields import FieldSpec


def labelled_texts(doc: DocumentRows, spec: FieldSpec, hits: LabelHitsByRow) -> Iterator[FieldCandidate]:
    """Yield the texts beside and below the field's labels."""
    pattern = re.compile(rf"(?<!\w)(?:{spec.pattern})(?!\w)") if spec.pattern else None
    for anchor in label_anchors(doc, hits, spec.name):
        window = anchor.window
        hit = pattern.search(window.row.text, window.start, window.stop) if pattern else None
        span = RowSpan(window.row, hit.start(), hit.end()) if hit else window
        normalized = normalize(spec.kind, span.text)
        if normalized and any(map(str.isalnum, normalized)):
            signals = {
                "label": anchor.label.score,
                "label_priority": anchor.label.priority,
                "right": float(anchor.direction == "right"),
                "below": float(anchor.direction == "below"),
                "distance": anchor.distance,
                "pattern": float(hit is not None),
                "colon": float(":" in span.text),
                "words": min(len(span.text.split()), 10) / 10,
                "height": window.row.relative_y,
            }
            yield FieldCandidate(span.text, normalized, (span,), "label", signals)
