"""Search of zones on a page: few fillers, joined neighbours, lost fillers, and pages without a zone."""

from dataclasses import replace
from datetime import date

import pytest

from ingestion.domain.normalize.mrz import find_mrz, parse_mrz
from samples.numbers.mrz import MrzHolder, break_mrz, card_mrz, passport_mrz

HOLDER = MrzHolder(
    "P", "PAK", "Zarmina", "", "DD5124352", "PAK", date(1985, 1, 1), "F", date(2029, 3, 21), "3544006747"
)
CARD = MrzHolder(
    "I", "EST", "Tammsaar", "Liis", "AA7700123", "EST", date(1990, 2, 14), "F", date(2030, 2, 14), "49002142345ABCD"
)
FULL_CARD = replace(CARD, code="ID", number="B0770O12I")


@pytest.mark.parametrize(
    "lines", [passport_mrz(replace(HOLDER, optional="35440067471234")), card_mrz(CARD), card_mrz(FULL_CARD)]
)
def test_find_zone_with_hardly_any_filler_is_found(lines: tuple[str, ...]) -> None:
    assert min(line.count("<") for line in lines) < 2
    found = find_mrz(["Surname", "TAMMSAAR", *lines])
    assert found is not None
    assert (found.zone.lines, found.zone.failed_checks) == (lines, ())


def test_find_zone_with_hardly_any_filler_and_a_wrong_digit_is_found_and_reported() -> None:
    found = find_mrz(["IDENTITY CARD", *break_mrz(card_mrz(CARD))])
    assert found is not None
    assert found.zone.failed_checks == ("document_number", "composite")


def test_find_zone_beside_other_text_leaves_it_out() -> None:
    first, second = passport_mrz(HOLDER)
    found = find_mrz(["PASSPORT", f"PAGE 3\t{first}", "SIGNATURE", f"{second} 000127"])
    assert found is not None
    assert found.zone.lines == (first, second)
    assert [(span.index, span.start, span.stop) for span in found.spans] == [(1, 7, 51), (3, 0, 44)]


def test_find_zone_in_pieces_joins_them() -> None:
    first, second = passport_mrz(HOLDER)
    found = find_mrz([f"{first[:12]} {first[12:20]} {first[20:]}", f"{second[:9]} {second[9:]}"])
    assert found is not None
    assert found.zone.lines == (first, second)


def test_find_zone_with_lost_fillers_beside_a_word_leaves_the_word_out() -> None:
    first, second = passport_mrz(HOLDER)
    found = find_mrz([f"NOTE\t{first[:-4]}", second])
    assert found is not None
    assert found.zone.lines == (first, second)


@pytest.mark.parametrize(
    "page",
    [
        ["TOTAL (NET) 1,200.00", "TOTAL (GROSS) 1,440.00", "DUE 2026-04-03"],
        ["if (a < b) return a << 2;", "while (c < d) e << 3;", "for (;;) f << 4;"],
        ["AB<CD EFGHIJKLMNOPQRSTUVWXYZABCD", "0123456789ABCDEFGHIJ<KLMNOPQRSTUVWXYZ012345"],
        ["see the note (the one that we wrote to you", "and the other one (which you have in your file"],
        ["DE89 3704 0044 0532 0130 00 1234", "GB29 NWBK 6016 1331 9268 19 0001"],
    ],
)
def test_find_zone_on_a_page_without_one_finds_nothing(page: list[str]) -> None:
    assert find_mrz(page) is None


@pytest.mark.parametrize(
    ("printed", "read"), [("B0770O12I", "80770O12I"), ("B0770O12I", "B0770O121"), ("QS5512448", "QS551244B")]
)
def test_parse_zone_with_confused_number_is_repaired_if_one_reading_is_proven(printed: str, read: str) -> None:
    lines = passport_mrz(replace(HOLDER, number=printed, optional=""))
    zone = parse_mrz((lines[0], read + lines[1][9:]))
    assert zone is not None
    assert (zone.value("document_number"), zone.failed_checks) == (printed, ())


@pytest.mark.parametrize("read", ["DD5124353", "DD5124382"])
def test_parse_zone_with_another_number_is_not_repaired(read: str) -> None:
    lines = passport_mrz(HOLDER)
    zone = parse_mrz((lines[0], read + lines[1][9:]))
    assert zone is not None
    assert zone.value("document_number") == read
    assert set(zone.failed_checks) == {"document_number", "composite"}


def test_parse_zone_with_confused_number_of_two_proven_readings_is_not_repaired() -> None:
    lines = passport_mrz(replace(HOLDER, number="KO7O9O125", optional=""))
    zone = parse_mrz((lines[0], "K07090125" + lines[1][9:]))
    assert zone is not None
    assert (zone.value("document_number"), zone.failed_checks) == ("K07090125", ("document_number", "composite"))


def test_parse_zone_with_confused_optional_data_is_repaired_by_the_digit_over_all() -> None:
    lines = card_mrz(CARD)
    zone = parse_mrz((lines[0].replace("49002142345", "49O02142345"), *lines[1:]))
    assert zone is not None
    assert (zone.lines, zone.failed_checks) == (lines, ())


def test_parse_zone_with_changed_birthday_is_never_repaired() -> None:
    first, second = passport_mrz(HOLDER)
    zone = parse_mrz((first, second.replace("8501019", "8601019")))
    assert zone is not None
    assert set(zone.failed_checks) == {"date_of_birth", "composite"}


@pytest.mark.parametrize(
    ("noise", "given"),
    [("ANNA<MARIA<<<<<K<<<<<", "ANNA MARIA"), ("K<<<<<<<<<<<<<<<<<<<<", "K"), ("ANNA<<<<<<<KKKK<<<<<<", "ANNA")],
)
def test_parse_zone_with_letters_among_the_last_fillers_ignores_them(noise: str, given: str) -> None:
    second = passport_mrz(HOLDER)[1]
    zone = parse_mrz((f"P<PAKZARMINA<<{noise}".ljust(44, "<"), second))
    assert zone is not None
    assert (zone.value("surname"), zone.value("given_names")) == ("ZARMINA", given)
