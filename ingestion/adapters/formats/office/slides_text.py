"""Slides as their texts, tables and pictures, in the order in which each slide lists them."""

from collections.abc import Iterator
from html import escape
from typing import IO, Any

from ingestion.adapters.formats.text.decoding import printable
from ingestion.adapters.formats.text.embedded_pictures import picture_html
from ingestion.adapters.formats.text.printable import NEW_PAGE, HtmlDocument

_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_EMBEDDED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"


def slides_text(file: IO[bytes]) -> HtmlDocument:
    """Lay out slides (PPTX), each on a page."""
    from pptx import Presentation

    return HtmlDocument(_slide_parts(Presentation(file)), wide=True, size=13.0)


def _slide_parts(shown: Any) -> Iterator[str]:  # noqa: ANN401 - python-pptx is untyped
    for slide in shown.slides:
        yield NEW_PAGE
        for shape in slide.shapes:
            yield from _shape(shape, title=shape == slide.shapes.title)
        yield from _pictures(slide)
        spoken = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
        if spoken is not None and spoken.text.strip():
            yield f"<hr><p><i>{escape(printable(spoken.text))}</i></p>"


def _shape(shape: Any, *, title: bool) -> Iterator[str]:  # noqa: ANN401 - as above
    if shape.has_text_frame and shape.text_frame.text.strip():
        tag = "h1" if title else "p"
        for paragraph in shape.text_frame.paragraphs:
            yield f"<{tag}>{escape(printable(paragraph.text))}</{tag}>"
    elif getattr(shape, "has_table", False) and shape.has_table:
        rows = "".join(
            f"<tr>{''.join(f'<td>{escape(printable(cell.text))}</td>' for cell in row.cells)}</tr>"
            for row in shape.table.rows
        )
        yield f'<table class="ruled">{rows}</table>'
    for inner in getattr(shape, "shapes", ()):
        yield from _shape(inner, title=False)


def _pictures(slide: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    """Yield the pictures of a slide, also those that fill a shape or its background, each once."""
    names = dict.fromkeys(found.get(_EMBEDDED) for found in slide.element.iter(_PICTURE))
    for name in names:
        if name in slide.part.rels and not slide.part.rels[name].is_external:
            yield picture_html(slide.part.related_part(name).blob)
