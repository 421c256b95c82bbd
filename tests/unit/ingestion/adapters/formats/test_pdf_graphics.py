"""Graphics of a PDF besides its text: rules, squares, form fields, images, strokes; and drawings without end."""

import io
from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest
from PIL import Image

from ingestion.adapters.formats.pdf.document import PdfSource
from ingestion.domain.page.marks import PageMarks
from refinery.core.types import BoundingBox

WIDE, HIGH = 595, 842
_CHECK_BOX = 2  # PDF_WIDGET_TYPE_CHECKBOX of MuPDF

DrawPage = Callable[[pymupdf.Page], None]


@pytest.fixture
def page_marks(tmp_path: Path) -> Callable[..., PageMarks]:
    """Return a function that draws a page and returns its marks."""

    def found(draw: DrawPage, rotation: int = 0) -> PageMarks:
        document = pymupdf.open()
        page = document.new_page(width=WIDE, height=HIGH)
        page.insert_text((72, 60), "Some words that make this a page of text", fontsize=11)
        draw(page)
        page.set_rotation(rotation)
        document.save(tmp_path / "a.pdf")
        return PdfSource(tmp_path / "a.pdf").source_page(1).marks

    return found


def assert_near(box: BoundingBox, x0: float, y0: float, x1: float, y1: float) -> bool:
    wanted = (x0 / WIDE, y0 / HIGH, x1 / WIDE, y1 / HIGH)
    return all(abs(a - b) < 0.004 for a, b in zip(box.as_list(), wanted, strict=True))


def test_lines_thin_rectangles_and_frames_are_rules(page_marks: Callable[..., PageMarks]) -> None:
    def draw(page: pymupdf.Page) -> None:
        page.draw_line((100, 200), (400, 200))
        page.draw_rect(pymupdf.Rect(100, 300, 400, 301), color=None, fill=(0, 0, 0))
        page.draw_rect(pymupdf.Rect(100, 400, 400, 500))

    rules = page_marks(draw).rulings
    assert any(assert_near(rule, 100, 200, 400, 200) for rule in rules)
    assert any(assert_near(rule, 100, 300, 400, 301) for rule in rules)
    assert sum(assert_near(rule, 100, y, 400, y) for rule in rules for y in (400, 500)) == 2
    assert sum(assert_near(rule, x, 400, x, 500) for rule in rules for x in (100, 400)) == 2


def test_slanted_line_is_not_rule(page_marks: Callable[..., PageMarks]) -> None:
    assert page_marks(lambda page: page.draw_line((100, 200), (400, 260))).rulings == ()


@pytest.mark.parametrize("tick", ["none", "cross", "letter"])
def test_small_squares_are_check_boxes_with_state(page_marks: Callable[..., PageMarks], tick: str) -> None:
    def draw(page: pymupdf.Page) -> None:
        page.draw_rect(pymupdf.Rect(100, 200, 111, 211))
        if tick == "cross":
            page.draw_line((102, 202), (109, 209))
            page.draw_line((102, 209), (109, 202))
        if tick == "letter":
            page.insert_text((102.5, 209), "x", fontsize=10)

    (box,) = page_marks(draw).check_boxes
    assert assert_near(box.bbox, 100, 200, 111, 211)
    assert box.checked == (tick != "none")


@pytest.mark.parametrize("checked", [True, False])
def test_form_fields_are_check_boxes(page_marks: Callable[..., PageMarks], checked: bool) -> None:
    def draw(page: pymupdf.Page) -> None:
        field = pymupdf.Widget()
        field.field_type = _CHECK_BOX
        field.field_name = "paid"
        field.rect = pymupdf.Rect(100, 200, 112, 212)
        field.field_value = checked
        page.add_widget(field)

    boxes = page_marks(draw).check_boxes
    assert {box.checked for box in boxes} == {checked}
    assert any(assert_near(box.bbox, 100, 200, 112, 212) for box in boxes)


def test_placed_image_is_picture_but_dot_pattern_is_not(page_marks: Callable[..., PageMarks]) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), (90, 120, 60)).save(buffer, "PNG")

    def draw(page: pymupdf.Page) -> None:
        page.insert_image(pymupdf.Rect(100, 200, 300, 350), stream=buffer.getvalue())
        page.insert_image(pymupdf.Rect(400, 200, 404, 203), stream=buffer.getvalue())

    (picture,) = page_marks(draw).pictures
    assert assert_near(picture, 100, 200, 300, 350)


def test_pen_strokes_are_strokes(page_marks: Callable[..., PageMarks]) -> None:
    def draw(page: pymupdf.Page) -> None:
        shape = page.new_shape()
        at = pymupdf.Point(100, 700)
        for n in range(6):
            to = pymupdf.Point(100 + 20 * (n + 1), 700 + (6 if n % 2 else -6))
            shape.draw_bezier(at, at + pymupdf.Point(5, -25), to - pymupdf.Point(5, -25), to)
            at = to
        shape.finish(closePath=False)
        shape.commit()

    marks = page_marks(draw)
    assert len(marks.strokes) == 1
    assert marks.strokes[0].x1 == pytest.approx(220 / WIDE, abs=0.01)


def test_marks_on_rotated_page_use_shown_coordinates(page_marks: Callable[..., PageMarks]) -> None:
    (rule,) = page_marks(lambda page: page.draw_line((100, 200), (400, 200)), rotation=90).rulings
    assert rule.height > rule.width
    assert rule.x0 == pytest.approx((HIGH - 200) / HIGH, abs=0.004)


def test_bold_words_are_marked(page_marks: Callable[..., PageMarks]) -> None:
    bold = page_marks(lambda page: page.insert_text((72, 120), "Terms", fontname="hebo", fontsize=11)).bold
    assert len(bold) == 1


def paths(count: int) -> DrawPage:
    def draw(page: pymupdf.Page) -> None:
        lines = b"".join(b"%d %d m %d %d l S\n" % (n % 500, n % 700, n % 500 + 40, n % 700) for n in range(count))
        append_content(page, lines)

    return draw


def points(count: int) -> DrawPage:
    def draw(page: pymupdf.Page) -> None:
        append_content(page, b"0 0 m\n" + b"".join(b"%d %d l\n" % (n % 500, n % 700) for n in range(count)) + b"S\n")

    return draw


def squares(count: int) -> DrawPage:
    def draw(page: pymupdf.Page) -> None:
        append_content(
            page, b"".join(b"%d %d 10 10 re S\n" % (12 * (n % 40), 12 * (n // 40 % 60)) for n in range(count))
        )

    return draw


def huge_shapes(count: int) -> DrawPage:
    def draw(page: pymupdf.Page) -> None:
        append_content(page, b"".join(b"%d %d m 90000000 0 l 90000000 1 l f\n" % (-9000000, n) for n in range(count)))

    return draw


def append_content(page: pymupdf.Page, content: bytes) -> None:
    """Append raw content to a page."""
    document = page.parent
    stream = document.get_new_xref()
    document.update_object(stream, "<<>>")
    document.update_stream(stream, content)
    before = " ".join(f"{xref} 0 R" for xref in page.get_contents())
    document.xref_set_key(page.xref, "Contents", f"[{before} {stream} 0 R]")


@pytest.mark.parametrize(
    "draw",
    [paths(200_000), points(1_000_000), squares(2400), huge_shapes(3000)],
    ids=["paths", "points", "squares", "giants"],
)
def test_excessive_drawing_is_not_analyzed(page_marks: Callable[..., PageMarks], draw: DrawPage) -> None:
    marks = page_marks(draw)
    assert marks.check_boxes == ()
    assert marks.pictures == ()
    assert len(marks.rulings) <= 4000
