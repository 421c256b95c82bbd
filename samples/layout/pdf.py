"""PDF rendering of drawings: text with embedded subsets, shapes as vectors, no date and no random id."""

import pymupdf

from samples.layout.drawing import Drawing, DrawingPage, Shape, TextRun
from samples.layout.fonts import Color, face


def render_pdf(drawing: Drawing, title: str) -> bytes:
    """Return the PDF of a drawing; the same drawing produces the same bytes."""
    document = pymupdf.open()
    for sheet in drawing.pages:
        page = document.new_page(width=sheet.width, height=sheet.height)
        _draw_shapes(page, sheet)
        _draw_text(page, sheet)
    document.subset_fonts()
    document.set_metadata({"title": title, "producer": "", "creator": ""})
    return stable_bytes(document)


def stable_bytes(document: pymupdf.Document) -> bytes:
    """Return a PDF without the identifier that would differ between runs."""
    document.xref_set_key(-1, "ID", "null")
    content: bytes = document.tobytes(garbage=3, deflate=True, no_new_id=True)
    return content


def _draw_shapes(page: pymupdf.Page, sheet: DrawingPage) -> None:
    if not sheet.shapes:
        return
    pen = page.new_shape()
    for shape in sheet.shapes:
        _trace_shape(pen, shape)
        pen.finish(
            color=shape.stroke,
            fill=shape.fill,
            width=shape.width if shape.stroke else 0,
            dashes=shape.dashes,
            closePath=shape.kind in ("polygon", "rect", "ellipse"),
            stroke_opacity=shape.opacity,
            fill_opacity=shape.opacity,
        )
    pen.commit()


def _trace_shape(pen: pymupdf.Shape, shape: Shape) -> None:
    points = [pymupdf.Point(x, y) for x, y in shape.points]
    if shape.kind == "rect":
        pen.draw_rect(pymupdf.Rect(*points), radius=shape.radius or None)
    elif shape.kind == "ellipse":
        pen.draw_oval(pymupdf.Rect(*points))
    elif shape.kind == "bezier":
        for start in range(0, len(points) - 3, 3):
            pen.draw_bezier(*points[start : start + 4])
    else:
        pen.draw_polyline(points)


def _draw_text(page: pymupdf.Page, sheet: DrawingPage) -> None:
    writers: dict[Color, pymupdf.TextWriter] = {}
    for run in sheet.runs:
        if run.angle:
            _draw_rotated(page, run)
            continue
        writer = writers.setdefault(run.style.color, pymupdf.TextWriter(page.rect, color=run.style.color))
        writer.append((run.x, run.y), run.text, font=face(run.style.font_name), fontsize=run.style.size)
    for writer in writers.values():
        writer.write_text(page)


def _draw_rotated(page: pymupdf.Page, run: TextRun) -> None:
    writer = pymupdf.TextWriter(page.rect, color=run.style.color)
    writer.append((run.x, run.y), run.text, font=face(run.style.font_name), fontsize=run.style.size)
    writer.write_text(page, morph=(pymupdf.Point(run.x, run.y), pymupdf.Matrix(-run.angle)), opacity=0.75)
