"""Positions on a displayed PDF page equal those computed with PyMuPDF's matrices."""

import pymupdf
import pytest

from ingestion.adapters.formats.pdf.coordinates import PdfPageTransform


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("corners", [(10.0, 20.0, 110.0, 35.0), (300.0, 10.0, 390.0, 590.0)])
def test_box_on_rotated_page_uses_shown_coordinates(turn: int, corners: tuple[float, float, float, float]) -> None:
    """Also on a page whose origin is not at zero."""
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=600)
        page.set_cropbox(pymupdf.Rect(5, 5, 395, 600))
        page.set_rotation(turn)
        shown = pymupdf.Rect(corners) * page.rotation_matrix
        box = PdfPageTransform.of(page).display_box(corners)
        assert box is not None
        wide, high = page.rect.width, page.rect.height
        sides = (shown.x0 / wide, shown.y0 / high, shown.x1 / wide, shown.y1 / high)
        assert box.as_list() == pytest.approx([min(max(side, 0.0), 1.0) for side in sides], abs=1e-6)


def test_box_outside_page_is_none() -> None:
    """A small tolerance beyond the edge is allowed."""
    with pymupdf.open() as document:
        paper = PdfPageTransform.of(document.new_page(width=400, height=600))
    outside = (-4.0, 10.0, 0.0, 20.0)
    assert paper.display_box(outside) is None
    assert paper.display_box(outside, tolerance=3.0) is not None
