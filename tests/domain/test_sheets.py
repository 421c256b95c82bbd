"""Separator sheets: bars as Code 128 has them, in a file that any reader opens."""

from itertools import pairwise

import pytest

from ingestion.domain.splitting.code128 import bars
from ingestion.domain.splitting.separator_sheet import separator_sheet


def test_bars_stand_side_by_side_and_end_with_the_stop() -> None:
    """Eleven modules a character, thirteen for the stop, between start and check."""
    drawn = bars("A1")
    assert drawn[0] == (0, 2)
    assert drawn[-1] == (11 * 4 + 11, 2)
    assert all(at + wide < following for (at, wide), (following, _) in pairwise(drawn))


@pytest.mark.parametrize("text", ["", "Gr\xfc\xdfe", "a\tb", "\x7f"])
def test_what_the_code_cannot_say_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ASCII"):
        bars(text)


def test_the_places_of_its_objects_are_right() -> None:
    sheet = separator_sheet("CASE (7)", ["Trennblatt", "für (alle) Fälle"])
    table = int(sheet.rsplit(b"startxref\n", 1)[1].split()[0])
    assert sheet[table:].startswith(b"xref\n0 6\n")
    for number, line in enumerate(sheet[table:].splitlines()[3:8], 1):
        assert sheet[int(line.split()[0]) :].startswith(b"%d 0 obj" % number)
    assert b"(f\xfcr \\(alle\\) F\xe4lle)" in sheet
