"""Marks in a scan besides its words."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ingestion.adapters.vision.scan_marks import scan_marks


def test_check_boxes_are_found_below_many_letters() -> None:
    paper = Image.new("RGB", (1240, 1754), "white")
    pen, font = ImageDraw.Draw(paper), ImageFont.load_default(34)
    for row in range(30):
        pen.text((60, 40 + 48 * row), "mwo mown owns Down moon WON " * 2, fill="black", font=font)
    for column, ticked in enumerate((True, False)):
        left, top = 100 + 300 * column, 1600
        pen.rectangle((left, top, left + 26, top + 26), outline="black", width=3)
        if ticked:
            pen.line((left + 4, top + 4, left + 22, top + 22), fill="black", width=3)
            pen.line((left + 22, top + 4, left + 4, top + 22), fill="black", width=3)
    boxes = [mark for mark in scan_marks(np.asarray(paper), (), 0.0).check_boxes if mark.bbox.y0 > 0.9]
    assert [mark.checked for mark in sorted(boxes, key=lambda mark: mark.bbox.x0)] == [True, False]
