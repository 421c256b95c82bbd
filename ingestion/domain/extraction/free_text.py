"""Free texts: what stands behind a label, as it is, or the part of it that the field's pattern describes."""

import re
from collections.abc import Iterator

from ingestion.domain.extraction.anchors import Hits, anchored
from ingestion.domain.extraction.candidates import Candidate
from ingestion.domain.layout.text_rows import Sheet, Span
from ingestion.domain.normalize import normalize
from ingestion.domain.schemas.fields import FieldSpec


def texts_behind(sheet: Sheet, spec: FieldSpec, hits: Hits) -> Iterator[Candidate]:
    """Yield the texts beside and below the field's labels."""
    pattern = re.compile(rf"(?<!\w)(?:{spec.pattern})(?!\w)") if spec.pattern else None
    for place in anchored(sheet, hits, spec.name):
        window = place.window
        hit = pattern.search(window.row.text, window.start, window.stop) if pattern else None
        span = Span(window.row, hit.start(), hit.end()) if hit else window
        normalized = normalize(spec.kind, span.text)
        if normalized and any(map(str.isalnum, normalized)):
            signals = {
                "label": place.hit.score,
                "telling": place.hit.telling,
                "right": float(place.direction == "right"),
                "below": float(place.direction == "below"),
                "distance": place.distance,
                "pattern": float(hit is not None),
                "colon": float(":" in span.text),
                "words": min(len(span.text.split()), 10) / 10,
                "height": window.row.relative_y,
            }
            yield Candidate(span.text, normalized, (span,), "label", signals)
