"""Rendering of our own HTML by MuPDF: nothing is fetched, because it has no archive to fetch from."""

import io

import pymupdf

from ingestion.domain.errors import CorruptFile, TooLarge

_A4 = pymupdf.Rect(0, 0, 595, 842)
_MARGIN = 56
MAX_STORY_PAGES = 200


def html_to_pdf(html: str, css: str) -> bytes:
    """Return a PDF; raises TooLarge for too many pages, CorruptFile for HTML that cannot be rendered."""
    made = io.BytesIO()
    inside = pymupdf.Rect(_MARGIN, _MARGIN, _A4.x1 - _MARGIN, _A4.y1 - _MARGIN)
    try:
        story = pymupdf.Story(html=html, user_css=css)
        writer = pymupdf.DocumentWriter(made)
        more, pages = 1, 0
        while more:
            pages += 1
            if pages > MAX_STORY_PAGES:
                raise TooLarge(f"This would fill more than {MAX_STORY_PAGES} pages.")
            device = writer.begin_page(_A4)
            more, _ = story.place(inside)
            story.draw(device)
            writer.end_page()
        writer.close()
    except (RuntimeError, ValueError) as broken:
        raise CorruptFile("This file cannot be drawn as pages.") from broken
    return made.getvalue()
