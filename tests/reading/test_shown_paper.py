"""Places on a PDF's page, as they are shown: what PyMuPDF works out with its own matrices."""

import pymupdf
import pytest

from ingestion.adapters.formats.pdf.coordinates import ShownPaper


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("corners", [(10.0, 20.0, 110.0, 35.0), (300.0, 10.0, 390.0, 590.0)])
def test_a_box_is_where_the_turned_page_shows_it(turn: int, corners: tuple[float, float, float, float]) -> None:
    """On a page whose own corner is not at zero as well."""
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=600)
        page.set_cropbox(pymupdf.Rect(5, 5, 395, 600))
        page.set_rotation(turn)
        shown = pymupdf.Rect(corners) * page.rotation_matrix
        box = ShownPaper.of(page).box(corners)
        assert box is not None
        wide, high = page.rect.width, page.rect.height
        sides = (shown.x0 / wide, shown.y0 / high, shown.x1 / wide, shown.y1 / high)
        assert box.as_list() == pytest.approx([min(max(side, 0.0), 1.0) for side in sides], abs=1e-6)


def test_what_lies_off_the_page_has_no_box() -> None:
    """But for what is allowed beyond its edge."""
    with pymupdf.open() as document:
        paper = ShownPaper.of(document.new_page(width=400, height=600))
    outside = (-4.0, 10.0, 0.0, 20.0)
    assert paper.box(outside) is None
    assert paper.box(outside, beyond=3.0) is not None
