"""Classification of documents by words that only one kind prints."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp

from ingestion.domain.extraction.mrz_fields import find_document_zone
from ingestion.domain.extraction.payment_codes import parse_payment_code
from ingestion.domain.layout.text_rows import DocumentRows, TextRow
from ingestion.domain.normalize import fold
from ingestion.domain.page.elements import PageReading
from ingestion.domain.schemas.fields import SchemaSpec

HEADING_ROWS = 12
SUBJECT = 0.42  # of a page's height: a letter's subject is below its window, however long its head is
IN_HEADING = 2.0  # a keyword among the first rows is in the document's title
ELSEWHERE = 1.0
LABEL = 0.35
ZONE = 6.0
PAYMENT = 8.0  # a payment code requests a payment that is still open: typical of an invoice, not of a receipt
STRIP = 2.5  # weight of a paper strip's shape for a receipt
STRIP_SHAPE = 1.75  # height over width, beyond any sheet of a letter
UNKNOWN = 2.0  # the weight of "none of these", so that a page without a keyword is not classified
FEW_LABELS = 1.0  # the same for a kind without keywords: it can be recognised by its labels only
SHARPNESS = 1.1
# A German compound is a kind of its last part (Schlussrechnung), except for those that only share its letters.
_COMPOUND = re.compile(r"(?<=[a-z]{3})(?<!ab)(?<!be)(?<!um)(?<!an)(?<!auf)(?<!ver)(?<!zu)(?<!hoch)rechnung\b")


@dataclass(frozen=True, slots=True)
class Classification:
    """Key of the likeliest schema ("" if none is likely), its probability, and the words that indicate it."""

    key: str
    confidence: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    heading: str
    whole: str


def _padded(text: str) -> str:
    words = "".join(character if character.isalnum() else " " for character in fold(text))
    return f" {_COMPOUND.sub(' rechnung', words)} "


def _text(doc: DocumentRows) -> _Text:
    squeeze = " ".join
    first = [row for row in doc.rows if row.index < HEADING_ROWS or _heads(row, doc)]
    heading = squeeze(_padded(squeeze(row.text for row in first)).split())
    whole = squeeze(_padded(squeeze(row.text for row in doc.rows)).split())
    return _Text(f" {heading} ", f" {whole} ")


def _heads(row: TextRow, doc: DocumentRows) -> bool:
    return row.page == doc.rows[0].page and row.relative_y < SUBJECT


@lru_cache(maxsize=4096)  # of keywords and labels of schemas, which are few
def _phrase(words: str) -> str:
    return f" {' '.join(_padded(words).split())} "


def _weight(phrase: str) -> float:
    """Return a phrase's weight: phrases of several words count more than a single word."""
    return 1.0 + 0.5 * (len(phrase.split()) - 1)


def _score(schema: SchemaSpec, text: _Text, has_zone: bool) -> tuple[float, list[str]]:
    score, reasons = 0.0, []
    for keyword in schema.keywords:
        phrase = _phrase(keyword)
        if phrase in text.heading:
            score += IN_HEADING * _weight(phrase)
            reasons.append(keyword)
        elif phrase in text.whole:
            score += ELSEWHERE * _weight(phrase)
            reasons.append(keyword)
    labels = {_phrase(label) for spec in schema.fields for label in spec.labels}
    score += LABEL * sum(_weight(label) for label in labels if label in text.whole)
    if has_zone and any(spec.kind == "mrz" for spec in schema.fields):
        score += ZONE
        reasons.append("machine readable zone")
    return score, reasons


def _is_strip(pages: Sequence[PageReading]) -> bool:
    return bool(pages) and all(page.height > STRIP_SHAPE * page.width for page in pages if page.width)


def _has_payment_code(pages: Sequence[PageReading]) -> bool:
    return any(parse_payment_code(code.text) for page in pages for code in page.codes)


def classify(doc: DocumentRows, schemas: Sequence[SchemaSpec]) -> Classification:
    """Choose among `schemas`; key "" if none of them is likelier than "none of these"."""
    text = _text(doc)
    has_zone = find_document_zone(doc) is not None
    shapes = {"receipt": STRIP * _is_strip(doc.pages), "invoice": PAYMENT * _has_payment_code(doc.pages)}
    scored = [(schema, *_score(schema, text, has_zone)) for schema in schemas]
    scored = [(each, score + shapes.get(each.key, 0.0), why) for each, score, why in scored]
    scored = [item for item in scored if item[1] > 0]
    if not scored:
        return Classification("", 1.0 if schemas else 0.0, ())
    best, score, reasons = max(scored, key=lambda item: item[1])
    shares = [exp((other - score) / SHARPNESS) for _, other, _ in scored]
    none = exp((UNKNOWN - score) / SHARPNESS)
    total = sum(shares) + none
    if score <= (UNKNOWN if best.keywords else FEW_LABELS):
        return Classification("", round(none / total, 4), ())
    return Classification(best.key, round(1 / total, 4), tuple(reasons))
