"""A scan shows the same page in worse quality, and its ground truth is transformed with it."""

import math

import numpy as np
import pytest

from samples.compose import SampleRequest, compose
from samples.generate import make_document, make_sample
from samples.layout.canvas import Canvas
from samples.layout.fonts import BLACK, Style
from samples.layout.pdf import render_pdf
from samples.plans import SamplePlan
from samples.scan.degradation import NO_TILT, Degradation, draw_degradation, limit_skew
from samples.scan.files import clean_pages, encode
from samples.scan.geometry import map_box, place_page
from samples.scan.optics import degrade
from samples.schemas import KINDS
from samples.seeds import random_stream
from samples.truth import locator, word_truths
from tests.unit.samples.sample_content import crop, fields_of, page_images

PROFILES = ("office", "worn", "low_contrast", "blurred", "low_resolution", "fax")
CLEAN = Degradation("office", 100, 3.0, 0.5, 0.2, 0.0, 0.0, (255, 255, 255), 90)


def test_map_box_rotated_page_moves_boxes() -> None:
    placement = place_page((1000, 2000), 90.0, 0.5, NO_TILT)
    assert placement.canvas == (2000, 3000)
    x0, y0, x1, y1 = map_box(placement, (0.0, 0.0, 1.0, 0.5))  # the upper half rotates to the right
    assert (x0 * 2000, y0 * 3000, x1 * 2000, y1 * 3000) == pytest.approx((1000, 1000, 2000, 2000))


def test_map_box_straight_page_keeps_boxes() -> None:
    box = (0.1, 0.2, 0.3, 0.25)
    assert map_box(place_page((827, 1169), 0.0, 0.0, NO_TILT), box) == pytest.approx(box)


@pytest.mark.parametrize("skew", [-3.0, 3.0])
@pytest.mark.parametrize("tilted", [False, True])
def test_map_box_moved_boxes_contain_all_ink(skew: float, *, tilted: bool) -> None:
    canvas = Canvas(420, 595, {})
    for row in range(22):
        canvas.text(
            40, 60 + row * 22, "Quick brown fox 1.284,50 jumps (over) Äpfel gypsy", Style("noto", 11, color=BLACK)
        )
    drawing = canvas.finish()
    tilt = ((0.03, 0.01), (-0.02, 0.02), (0.01, -0.03), (-0.02, 0.01)) if tilted else NO_TILT
    degradation = Degradation("photo", 100, skew, 0.5, 0.2, 0.0, 0.0, (255, 255, 255), 90, tilt=tilt)
    pixels, placement = degrade(clean_pages(render_pdf(drawing, "words"), 100)[0], degradation, random_stream(51))
    height, width = pixels.shape
    ink = pixels < 128
    shares = []
    for moved in (True, False):
        inside = np.zeros_like(ink)
        for word in drawing.words:
            share = (word.box[0] / 420, word.box[1] / 595, word.box[2] / 420, word.box[3] / 595)
            x0, y0, x1, y1 = map_box(placement, share) if moved else share
            rows = slice(math.floor(y0 * height) - 1, math.ceil(y1 * height) + 1)
            columns = slice(math.floor(x0 * width) - 1, math.ceil(x1 * width) + 1)
            assert not moved or ink[rows, columns].any()
            inside[rows, columns] = True
        shares.append(float((ink & inside).sum() / ink.sum()))
    assert shares[0] > 0.995
    assert shares[1] < 0.9


@pytest.mark.parametrize("profile", PROFILES)
def test_scan_field_boxes_contain_ink_for_every_profile(profile: str) -> None:
    sample = make_sample(SamplePlan("invoice", 52, 1, "scan", scan=True, profile=profile))
    images = page_images(sample)
    assert len(images) == sample.truth["pages"]
    for name, field in fields_of(sample).items():
        inked = crop(images[field["page"] - 1], field["bbox"])
        assert int(inked.max()) - int(inked.min()) > 45, name


@pytest.mark.parametrize("kind", KINDS)
def test_scan_field_boxes_contain_ink_for_every_kind(kind: str) -> None:
    for index in range(3):
        sample = make_document(kind, seed=53, index=index, scan=True)
        images = page_images(sample)
        for name, field in fields_of(sample).items():
            inked = crop(images[field["page"] - 1], field["bbox"])
            assert int(inked.max()) - int(inked.min()) > 45, name


@pytest.mark.parametrize("kind", KINDS)
def test_scan_words_stay_within_image(kind: str) -> None:
    for index in range(25):
        composed = compose(kind, SampleRequest(58, index))
        sheets = composed.drawing.pages
        aspect = sheets[0].height / sheets[0].width
        drawn = limit_skew(draw_degradation(random_stream(58, index), kind), aspect)
        placement = place_page((1000, round(1000 * aspect)), drawn.skew, drawn.margin, drawn.tilt)
        for word in word_truths(composed, locator(sheets, (placement,) * len(sheets))):
            assert min(word.bbox) > 0, word
            assert max(word.bbox) < 1, word


def test_scan_low_resolution_has_about_ninety_dpi() -> None:
    sample = make_sample(
        SamplePlan("invoice", 54, 1, "scan", scan=True, profile="low_resolution", country="DE", long=False)
    )
    assert page_images(sample)[0].shape == pytest.approx((842 / 72 * 90, 595 / 72 * 90), abs=2)


def test_scan_fax_is_black_and_white() -> None:
    sample = make_sample(SamplePlan("discharge_letter", 55, 1, "scan", scan=True, profile="fax"))
    assert sample.media_type == "image/tiff"
    assert set(np.unique(page_images(sample)[0])) == {0, 255}


@pytest.mark.parametrize("extension", ["pdf", "tif"])
def test_scan_file_keeps_several_pages(extension: str) -> None:
    plan = SamplePlan(
        "invoice", 56, 1, "scan", scan=True, profile="office", extension=extension, long=True, template="letter"
    )
    assert len(page_images(make_sample(plan))) == 2


@pytest.mark.parametrize("extension", ["png", "jpg", "tif", "pdf"])
def test_encode_each_format_contains_image(extension: str) -> None:
    page = np.full((60, 40, 3), 240, dtype=np.uint8)
    assert encode([page], extension, CLEAN)[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0", b"II*\x00", b"%PDF")


def test_draw_degradation_covers_profiles_within_ranges() -> None:
    seen = set()
    for index in range(300):
        kind = KINDS[index % len(KINDS)]
        drawn = draw_degradation(random_stream(57, index), kind)
        seen.add(drawn.profile)
        assert 0.1 < abs(drawn.skew) < 4.5
        assert 0 <= drawn.shadow < 0.5
        assert 0 <= drawn.fade < 0.7
    assert seen == {*PROFILES, "photo", "colour"}
