"""Identifiers: tokens after a label that could be a number, and numbers proved by their check digits."""

import re
from collections.abc import Iterator
from dataclasses import replace

from ingestion.domain.extraction.anchors import LabelAnchor, LabelHitsByRow, label_anchors
from ingestion.domain.extraction.candidates import FieldCandidate
from ingestion.domain.extraction.labelled_values import label_left_of
from ingestion.domain.layout.text_rows import DocumentRows, RowSpan, TextRow
from ingestion.domain.normalize import find_dates, normalize
from ingestion.domain.normalize.validators import VALIDATORS, Validator, validator_for
from ingestion.domain.schemas.fields import FieldSpec
from ingestion.domain.schemas.patterns import matches_whole

_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9/._\-+&]*(?:\s?[/\-]\s?[A-Za-z0-9][A-Za-z0-9/._\-]*)*")
_MIN_LENGTH, _MAX_LENGTH = 8, 34


def _tokens(window: RowSpan) -> Iterator[RowSpan]:
    row = window.row
    for hit in _TOKEN.finditer(row.text, window.start, window.stop):
        text = hit[0].rstrip("._-/")
        if any(character.isdigit() for character in text):
            yield RowSpan(row, hit.start(), hit.start() + len(text))


def _is_date(span: RowSpan) -> bool:
    return any(match.stop - match.start >= len(span.text) - 1 for match in find_dates(span.text))


def _signals(spec: FieldSpec, anchor: LabelAnchor, token: RowSpan, skipped: int, lead: int) -> dict[str, float]:
    text = token.text.replace(" ", "")
    return {
        **anchor.signals,
        "skipped": float(skipped),
        "lead": min(lead, 20) / 20,
        "digits": sum(character.isdigit() for character in text) / len(text),
        "short": float(len(text) < 3),
        "dated": float(_is_date(token)),
        "pattern": float(bool(spec.pattern and matches_whole(spec.pattern, text))),
        "height": token.row.relative_y,
    }


def _whole_numbers(window: RowSpan, validator: Validator) -> Iterator[RowSpan]:
    """Yield the run of the window that has the validator's form: a proven one, otherwise the longest."""
    runs = [(start, stop) for start, stop in _runs(window.row) if window.start <= start and stop <= window.stop]
    fitting = [(start, stop) for start, stop in runs if validator.canonical(window.row.text[start:stop])]
    if fitting:
        text = window.row.text
        start, stop = max(fitting, key=lambda run: (validator.likelihood(text[slice(*run)]), run[1] - run[0], -run[0]))
        yield RowSpan(window.row, start, stop)


def _labelled_candidates(doc: DocumentRows, spec: FieldSpec, hits: LabelHitsByRow) -> Iterator[FieldCandidate]:
    validator = validator_for(spec.name)
    for anchor in label_anchors(doc, hits, spec.name):
        for span in _whole_numbers(anchor.window, validator) if validator else ():
            signals = {**_signals(spec, anchor, span, 0, 0), "pattern": 1.0, "dated": 0.0}
            yield FieldCandidate(
                span.text, (validator and validator.canonical(span.text)) or "", (span,), "label", signals
            )
        for skipped, token in enumerate(_tokens(anchor.window)):
            signals = _signals(spec, anchor, token, skipped, token.start - anchor.window.start)
            signals["malformed"] = float(validator is not None and not validator.canonical(token.text))
            normalized = normalize(spec.kind, token.text)
            if normalized and not (validator and _is_beside_tax(token, validator)):
                yield FieldCandidate(token.text, normalized, (token,), "label", signals)


def _is_beside_tax(token: RowSpan, validator: Validator) -> bool:
    """Return whether a token is a rate or an amount behind the name of a tax, which is also a label of VAT numbers."""
    if validator is not VALIDATORS["vat_id"] or validator.canonical(token.text):
        return False
    amounts = (match for match in token.row.amounts if match.has_decimals)
    exact = any(match.start < token.stop and token.start < match.stop for match in amounts)
    return exact or sum(character.isdigit() for character in token.text) < _MIN_LENGTH - 2


def _runs(row: TextRow) -> Iterator[tuple[int, int]]:
    """Yield starts and stops of runs of tokens that, without blanks, could be one long identifier."""
    tokens = [(hit.start(), hit.end()) for hit in re.finditer(r"[A-Za-z0-9]+(?:[.\-][A-Za-z0-9]+)*", row.text)]
    for first, (start, _) in enumerate(tokens):
        for _, stop in tokens[first : first + 10]:
            length = len(row.text[start:stop].replace(" ", ""))
            if length > _MAX_LENGTH or "\t" in row.text[start:stop]:
                break
            if length >= _MIN_LENGTH:
                yield start, stop


def _checksum_candidates(doc: DocumentRows, spec: FieldSpec, hits: LabelHitsByRow) -> Iterator[FieldCandidate]:
    """Yield the numbers anywhere on the document that pass the field's check digits."""
    validator = validator_for(spec.name)
    if validator is None:
        return
    for row in doc.rows:
        if sum(character.isdigit() for character in row.text) < _MIN_LENGTH - 2:
            continue
        for start, stop in _runs(row):
            normalized = validator.canonical(row.text[start:stop])
            if normalized and validator.confirms(normalized):
                span = RowSpan(row, start, stop)
                claim = label_left_of(row, start, hits)
                signals = {
                    "proven": 1.0,
                    "label": float(bool(claim and claim.field == spec.name)),
                    "rival": float(bool(claim and claim.field != spec.name)),
                    "height": row.relative_y,
                    "length": (stop - start) / _MAX_LENGTH,
                }
                yield FieldCandidate(span.text, normalized, (span,), "pattern", signals)


def identifier_candidates(doc: DocumentRows, spec: FieldSpec, hits: LabelHitsByRow) -> list[FieldCandidate]:
    """Propose identifiers: those after a label, and those proved by a check digit."""
    return [*_labelled_candidates(doc, spec, hits), *_checksum_candidates(doc, spec, hits)]


def well_formed_identifiers(doc: DocumentRows, spec: FieldSpec) -> Iterator[str]:
    """Yield texts with the form of the field's identifier or pattern, even across columns."""
    validator = validator_for(spec.name)
    rows = [replace(row, text=row.text.replace("\t", " ")) for row in doc.rows]
    if validator is not None:
        runs = (row.text[start:stop] for row in rows for start, stop in _runs(row))
        yield from (number for run in runs if run == run.upper() and (number := validator.canonical(run)))
    elif spec.pattern:
        tokens = (token.text.replace(" ", "") for row in rows for token in _tokens(RowSpan(row, 0, len(row.text))))
        yield from (token for token in tokens if matches_whole(spec.pattern, token))
