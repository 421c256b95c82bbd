"""Identifiers: the token behind a label that could be a number of something, and those that prove themselves."""

import re
from collections.abc import Iterator
from dataclasses import replace

from ingestion.domain.extraction.anchors import Anchored, Hits, anchored
from ingestion.domain.extraction.candidates import Candidate
from ingestion.domain.extraction.labelled_values import claimed_by
from ingestion.domain.layout.text_rows import Row, Sheet, Span
from ingestion.domain.normalize import find_dates, normalize
from ingestion.domain.normalize.validators import Validator, validator_for
from ingestion.domain.schemas.fields import FieldSpec

_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9/._\-+&]*(?:\s?[/\-]\s?[A-Za-z0-9][A-Za-z0-9/._\-]*)*")
_SPACED = re.compile(r"(?<![A-Z0-9])[A-Z0-9][A-Z0-9.\- ]{6,42}[A-Z0-9](?![A-Z0-9])")
_MIN_LENGTH, _MAX_LENGTH = 8, 34


def _tokens(window: Span) -> Iterator[Span]:
    row = window.row
    for hit in _TOKEN.finditer(row.text, window.start, window.stop):
        text = hit[0].rstrip("._-/")
        if any(character.isdigit() for character in text):
            yield Span(row, hit.start(), hit.start() + len(text))


def _is_date(span: Span) -> bool:
    return any(match.stop - match.start >= len(span.text) - 1 for match in find_dates(span.text))


def _signals(spec: FieldSpec, place: Anchored, token: Span, skipped: int, lead: int) -> dict[str, float]:
    text = token.text.replace(" ", "")
    return {
        "label": place.hit.score,
        "telling": place.hit.telling,
        "right": float(place.direction == "right"),
        "below": float(place.direction == "below"),
        "distance": place.distance,
        "skipped": float(skipped),
        "lead": min(lead, 20) / 20,
        "digits": sum(character.isdigit() for character in text) / len(text),
        "short": float(len(text) < 3),
        "dated": float(_is_date(token)),
        "pattern": float(bool(spec.pattern and re.fullmatch(spec.pattern, text))),
        "height": token.row.relative_y,
    }


def _whole_numbers(window: Span, validator: Validator) -> Iterator[Span]:
    """Yield the longest run of the window that has the validator's form, its check digits right or wrong."""
    runs = [(start, stop) for start, stop in _runs(window.row) if window.start <= start and stop <= window.stop]
    fitting = [(start, stop) for start, stop in runs if validator.canonical(window.row.text[start:stop])]
    if fitting:
        start, stop = max(fitting, key=lambda run: (run[1] - run[0], -run[0]))
        yield Span(window.row, start, stop)


def _behind_labels(sheet: Sheet, spec: FieldSpec, hits: Hits) -> Iterator[Candidate]:
    validator = validator_for(spec.name)
    for place in anchored(sheet, hits, spec.name):
        for span in _whole_numbers(place.window, validator) if validator else ():
            signals = {**_signals(spec, place, span, 0, 0), "pattern": 1.0, "dated": 0.0}
            yield Candidate(
                span.text, (validator and validator.canonical(span.text)) or "", (span,), "label", signals
            )
        for skipped, token in enumerate(_tokens(place.window)):
            signals = _signals(spec, place, token, skipped, token.start - place.window.start)
            signals["malformed"] = float(validator is not None and not validator.canonical(token.text))
            normalized = normalize(spec.kind, token.text)
            if normalized:
                yield Candidate(token.text, normalized, (token,), "label", signals)


def _runs(row: Row) -> Iterator[tuple[int, int]]:
    """Yield starts and stops of runs of tokens that, blanks left out, could be one long identifier."""
    tokens = [(hit.start(), hit.end()) for hit in re.finditer(r"[A-Za-z0-9]+(?:[.\-][A-Za-z0-9]+)*", row.text)]
    for first, (start, _) in enumerate(tokens):
        for _, stop in tokens[first : first + 10]:
            length = len(row.text[start:stop].replace(" ", ""))
            if length > _MAX_LENGTH or "\t" in row.text[start:stop]:
                break
            if length >= _MIN_LENGTH:
                yield start, stop


def _proven(sheet: Sheet, spec: FieldSpec, hits: Hits) -> Iterator[Candidate]:
    """Yield what the field's own check digits prove, wherever it stands."""
    validator = validator_for(spec.name)
    if validator is None:
        return
    for row in sheet.rows:
        if sum(character.isdigit() for character in row.text) < _MIN_LENGTH - 2:
            continue
        for start, stop in _runs(row):
            normalized = validator.canonical(row.text[start:stop])
            if normalized and validator.check(normalized).ok:
                span = Span(row, start, stop)
                claim = claimed_by(row, start, hits)
                signals = {
                    "proven": 1.0,
                    "label": float(bool(claim and claim.field == spec.name)),
                    "rival": float(bool(claim and claim.field != spec.name)),
                    "height": row.relative_y,
                    "length": (stop - start) / _MAX_LENGTH,
                }
                yield Candidate(span.text, normalized, (span,), "pattern", signals)


def identifiers(sheet: Sheet, spec: FieldSpec, hits: Hits) -> list[Candidate]:
    """Propose identifiers: those behind a label, and those that a check digit proves."""
    return [*_behind_labels(sheet, spec, hits), *_proven(sheet, spec, hits)]


def of_form(sheet: Sheet, spec: FieldSpec) -> Iterator[str]:
    """Yield what has the form of the field's own kind of number, or of its pattern, even if columns part it."""
    validator = validator_for(spec.name)
    rows = [replace(row, text=row.text.replace("\t", " ")) for row in sheet.rows]
    if validator is not None:
        runs = (row.text[start:stop] for row in rows for start, stop in _runs(row))
        yield from (number for run in runs if run == run.upper() and (number := validator.canonical(run)))
    elif spec.pattern:
        tokens = (token.text.replace(" ", "") for row in rows for token in _tokens(Span(row, 0, len(row.text))))
        yield from (token for token in tokens if re.fullmatch(spec.pattern, token))
