"""Separator sheets: Code 128 bars in a valid PDF file."""

from itertools import pairwise

import pytest

from ingestion.domain.splitting.code128 import code128_bars
from ingestion.domain.splitting.separator_sheet import separator_sheet_pdf


def test_code128_bars_do_not_overlap_and_end_with_stop() -> None:
    """Eleven modules per character and thirteen for the stop, between start and check characters."""
    drawn = code128_bars("A1")
    assert drawn[0] == (0, 2)
    assert drawn[-1] == (11 * 4 + 11, 2)
    assert all(at + wide < following for (at, wide), (following, _) in pairwise(drawn))


@pytest.mark.parametrize("text", ["", "Gr\xfc\xdfe", "a\tb", "\x7f"])
def test_code128_unsupported_character_raises(text: str) -> None:
    with pytest.raises(ValueError, match="ASCII"):
        code128_bars(text)


def test_separator_sheet_cross_reference_offsets_are_right() -> None:
    sheet = separator_sheet_pdf("CASE (7)", ["Trennblatt", "für (alle) Fälle"])
    table = int(sheet.rsplit(b"startxref\n", 1)[1].split()[0])
    assert sheet[table:].startswith(b"xref\n0 6\n")
    for number, line in enumerate(sheet[table:].splitlines()[3:8], 1):
        assert sheet[int(line.split()[0]) :].startswith(b"%d 0 obj" % number)
    assert b"(f\xfcr \\(alle\\) F\xe4lle)" in sheet
