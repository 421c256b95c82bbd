"""Text layer of a PDF page: its words as displayed, without invisible ones."""

from collections import Counter
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

import pymupdf

from ingestion.adapters.formats.page_source import NativeWord, TextLayer
from ingestion.adapters.formats.pdf.coordinates import PdfPageTransform
from ingestion.adapters.formats.pdf.glyph_index import GlyphIndex, mapped_fonts
from ingestion.adapters.formats.pdf.graphics import bold_spans, is_bold
from ingestion.adapters.formats.pdf.rtl_words import rtl_words
from ingestion.domain.page.glyph_evidence import GlyphEvidence
from ingestion.domain.page.scripts import RTL_SCRIPT
from ingestion.domain.page.symbols import map_dingbats, map_symbol_characters

_INVISIBLE = 3
_DINGBATS = "dingbats"  # in the name of a font
_DOMINANT_DIRECTION = 0.7  # of a page's characters
_FLAGS = pymupdf.TEXT_MEDIABOX_CLIP | pymupdf.TEXT_CID_FOR_UNKNOWN_UNICODE | pymupdf.TEXT_PRESERVE_WHITESPACE


def read_text_layer(page: pymupdf.Page, evidence: GlyphEvidence | None) -> TextLayer | None:
    """Return the text layer of a page, None without text; the glyphs of its words are found if `evidence` is given."""
    found = page.get_text("words", flags=_FLAGS, sort=False)
    if not found:
        return None
    trace = page.get_texttrace()
    if any(RTL_SCRIPT.search(word[4]) for word in found):
        found = rtl_words(trace, found)
    hidden, unseen = _invisible(trace)
    bold, transform = bold_spans(trace), PdfPageTransform.of(page)
    dingbats = [pymupdf.Rect(span["bbox"]) for span in trace if _DINGBATS in span["font"].casefold()]
    words, off = [], 0
    for x0, y0, x1, y1, text, *_ in found:
        if any(area.contains(((x0 + x1) / 2, (y0 + y1) / 2)) for area in unseen):
            continue
        shown = transform.display_box((x0, y0, x1, y1))
        if shown is None:
            off += 1
        elif text.strip():
            if any(area.contains(((x0 + x1) / 2, (y0 + y1) / 2)) for area in dingbats):
                text = map_dingbats(text)  # noqa: PLW2901 - the word as it is printed
            words.append(NativeWord(map_symbol_characters(text), shown, is_bold((x0, y0, x1, y1), bold)))
    fonts = mapped_fonts(page) if evidence is not None else frozenset()
    glyphs = GlyphIndex(trace, transform, fonts, evidence) if evidence is not None and fonts else None
    return TextLayer(tuple(words), hidden, off / len(found), _text_rotation(trace, transform), glyphs)


def _text_rotation(trace: Sequence[Mapping[str, Any]], transform: PdfPageTransform) -> int:
    """Return the rotation that makes nearly all characters upright; 0 if they disagree."""
    ways: Counter[int] = Counter()
    for span in trace:
        ways[0 if span["wmode"] else transform.quarter_turns(span["dir"])] += len(span["chars"])
    way, count = max(ways.items(), key=itemgetter(1), default=(0, 0))
    return way if count > _DOMINANT_DIRECTION * ways.total() else 0


def _invisible(trace: Sequence[Mapping[str, Any]]) -> tuple[float, list[pymupdf.Rect]]:
    """Return the share of characters drawn without paint, and their areas unless they are the majority."""
    total = hidden = 0
    areas = []
    for span in trace:
        count = len(span["chars"])
        total += count
        if span["type"] == _INVISIBLE or span.get("opacity", 1) == 0:
            hidden += count
            areas.append(pymupdf.Rect(span["bbox"]))
    share = hidden / total if total else 0.0
    return share, areas if share < 0.5 else []
