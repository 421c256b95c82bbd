"""Triage examples: images, pages, words and required fields."""

from dataclasses import replace

from ingestion.domain.page.elements import PageReading, WordSource
from ingestion.domain.schemas.fields import SchemaSpec
from ingestion.domain.splitting.boundaries import Boundary
from quality.domain.checks.examples.builders import (
    BILL,
    CLEAR,
    document,
    fails,
    fields,
    not_applicable,
    page,
    passes,
    unknown,
    words,
)
from quality.domain.checks.registry import Examples
from quality.domain.facts import FactSet, TenantThresholds
from refinery.core.types import BoundingBox

LONG = "\n".join(f"line {number} of the terms that stand on every sheet" for number in range(6))
STANDARD = TenantThresholds()
NATIVE = page(source=WordSource.NATIVE, measures=None)
TWO = (page(), page("Invoice HP-2025-0119", 2))
SECOND_DOCUMENT_BEGINS = (Boundary(2, 0.9, ("other_number",)),)


def _measured(**changes: float) -> FactSet:
    return document(pages=[page(measures=replace(CLEAR, **changes))])


def _unmeasured() -> FactSet:
    return document(pages=[page(measures=None)])


def _blank(number: int = 1) -> PageReading:
    measures = replace(CLEAR, ink=0.0001, sharpness=1.0, contrast=0.01)
    return page(number=number, words=(), measures=measures)


def _at_edge(count: int, left: float) -> PageReading:
    moved = tuple(replace(word, bbox=BoundingBox(left, 0.1, 0.2, 0.12)) for word in words(LONG)[:count])
    return page(words=(*moved, *words(LONG)))


def _read_with(confidence: float, limits: TenantThresholds = STANDARD) -> FactSet:
    return document(pages=[page(confidence=confidence)], limits=limits)


def _native(text: str) -> FactSet:
    return document(pages=[page(words=words(text, WordSource.NATIVE), source=WordSource.NATIVE)])


PICTURE = {
    "blurred": Examples(
        passing=(passes("a sharp scan", _measured()),),
        failing=(fails("out of focus", _measured(sharpness=20)),),
        unknown=(unknown("no measures", _unmeasured()),),
        adversarial=(
            passes("a blank back side has no edges to be sharp", document(pages=[page(), _blank(2)])),
            not_applicable("text that was born digital", document(pages=[NATIVE])),
        ),
    ),
    "low_contrast": Examples(
        passing=(passes("black on white", _measured()),),
        failing=(fails("pale thermal paper", _measured(contrast=0.15)),),
        unknown=(unknown("no measures", _unmeasured()),),
        adversarial=(passes("a blank back side", document(pages=[page(), _blank(2)])),),
    ),
    "skewed": Examples(
        passing=(passes("straight", _measured()),),
        failing=(fails("leaning to the right", _measured(skew_degrees=8.0)),),
        unknown=(unknown("no measures", _unmeasured()),),
        adversarial=(fails("leaning to the left is leaning too", _measured(skew_degrees=-8.0)),),
    ),
    "low_resolution": Examples(
        passing=(passes("200 dpi", _measured()),),
        failing=(fails("a fax", _measured(dpi=96)),),
        unknown=(unknown("no measures", _unmeasured()),),
        adversarial=(not_applicable("text that was born digital has no pixels", document(pages=[NATIVE])),),
    ),
    "cut_off": Examples(
        passing=(passes("wide margins", document(pages=[page(LONG)])),),
        failing=(fails("the left side is missing", document(pages=[_at_edge(5, 0.0)])),),
        unknown=(unknown("no word was read", document(pages=[page(words=())])),),
        adversarial=(passes("a scanner's dark border", _measured(ink_at_edge=0.9)),),
    ),
}

PAGES = {
    "missing_pages": Examples(
        passing=(passes("all there", document()),),
        failing=(
            fails("one failed", document(pages=[page(), page(number=2, words=(), error="corrupt")])),
            fails("one never came", document(total_pages=2)),
        ),
        unknown=(unknown("the file does not say how many", document(total_pages=None)),),
        adversarial=(
            passes("a blank page is there all the same", document(pages=[page(), _blank(2)])),
            fails("the last one came, the middle one did not", document(pages=[page(), page(number=3)], total_pages=3)),
        ),
    ),
    "blank_page": Examples(
        passing=(passes("words on it", document()),),
        failing=(fails("an empty back side", document(pages=[page(), _blank(2)])),),
        unknown=(unknown("neither words nor measures", document(pages=[page(words=(), measures=None)])),),
        adversarial=(passes("a photograph has no words and much ink", document(pages=[page(words=())])),),
    ),
    "unread_page": Examples(
        passing=(passes("words on it", document()),),
        failing=(fails("handwriting", document(pages=[page(words=())])),),
        unknown=(unknown("neither words nor measures", document(pages=[page(words=(), measures=None)])),),
        adversarial=(passes("a blank page has nothing to be read", document(pages=[page(), _blank(2)])),),
    ),
    "may_hold_several": Examples(
        passing=(passes("one of one piece", document(pages=TWO, boundaries=())),),
        failing=(
            fails("a second invoice behind the first", document(pages=TWO, boundaries=SECOND_DOCUMENT_BEGINS)),
            fails("two receipts on one scan", document(boundaries=(), shared_pages=(1,))),
        ),
        unknown=(unknown("nobody looked", document(pages=TWO)),),
        adversarial=(not_applicable("one page holds one document", document(boundaries=SECOND_DOCUMENT_BEGINS)),),
    ),
    "repeated_page": Examples(
        passing=(passes("two pages", document(pages=[page(LONG), page(LONG + "\nthe end", 2)])),),
        failing=(fails("taken twice", document(pages=[page(LONG), page(LONG, 2)])),),
        unknown=(unknown("no words", document(pages=[page(words=()), page(words=(), number=2)])),),
        adversarial=(passes("two dividers with one word", document(pages=[page("Annex"), page("Annex", 2)])),),
    ),
}

TEXT = {
    "reading_confidence": Examples(
        passing=(passes("read well", document()),),
        failing=(fails("below the review limit", _read_with(0.6)), fails("below the rejection limit", _read_with(0.3))),
        unknown=(unknown("no word was read", document(pages=[page(words=())])),),
        adversarial=(
            passes("exactly at the limit", _read_with(0.7)),
            fails("the tenant asks for more", _read_with(0.9, limits=TenantThresholds(review_below=95))),
            passes(
                "one bad word on a second page does not sink the first",
                document(pages=[page(LONG), page("smudge", 2, confidence=0.1)]),
            ),
        ),
    ),
    "garbage_text": Examples(
        passing=(passes("plain text", _native(LONG)),),
        failing=(fails("a broken font map", _native("\ue001\ue002\ue003 \ue004\ue005 total \ufffd\ufffd")),),
        unknown=(unknown("no words", document(pages=[page(words=(), source=WordSource.NATIVE)])),),
        adversarial=(
            passes("other alphabets are no garbage", _native("Счёт № 118 от 13 июня 請求書 合計 مجموع")),
            passes("one odd bullet among many words", _native(LONG + "\n\ue000")),
            not_applicable("a scan has no text layer", document()),
        ),
    ),
    "language_supported": Examples(
        passing=(passes("English is set up", document(limits=TenantThresholds(languages=frozenset({"en"})))),),
        failing=(
            fails("French is not", document(language="fr", limits=TenantThresholds(languages=frozenset({"en"})))),
        ),
        unknown=(
            unknown("not detected", document(language=None, limits=TenantThresholds(languages=frozenset({"en"})))),
        ),
        adversarial=(not_applicable("no list, every language will do", document(language="fr")),),
    ),
    "required_fields": Examples(
        passing=(passes("all there", document()),),
        failing=(fails("no total", document({**BILL, "total": ""})),),
        unknown=(unknown("no schema", document(schema=None)),),
        adversarial=(
            passes("an optional field may be missing", document({**BILL, "due_date": ""})),
            not_applicable("a schema that requires nothing", document({}, SchemaSpec("free", "Free", ()))),
        ),
    ),
    "field_uncertain": Examples(
        passing=(passes("all sure", document()),),
        failing=(fails("half sure", document(fields=fields(BILL, 0.5))),),
        unknown=(unknown("no field", document({})),),
        adversarial=(passes("exactly at the limit", document(fields=fields(BILL, 0.7))),),
    ),
}

EXAMPLES = PICTURE | PAGES | TEXT
