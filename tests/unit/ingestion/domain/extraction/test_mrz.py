"""Machine-readable zones: specimens of ICAO Doc 9303, correctable misreadings, wrong check digits."""

from datetime import date

import pytest

from ingestion.domain.normalize.mrz import check_digit, find_mrz, parse_mrz

TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
TD2 = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")


@pytest.mark.parametrize(
    ("lines", "form", "number"), [(TD3, "TD3", "L898902C3"), (TD2, "TD2", "D23145890"), (TD1, "TD1", "D23145890")]
)
def test_read_zone_reads_icao_specimens(lines: tuple[str, ...], form: str, number: str) -> None:
    zone = parse_mrz(lines)
    assert zone is not None
    assert (zone.format.name, zone.failed_checks) == (form, ())
    assert zone.value("surname") == "ERIKSSON"
    assert zone.value("given_names") == "ANNA MARIA"
    assert zone.value("document_number") == number
    assert zone.value("nationality") == "UTO"
    assert zone.iso_date("date_of_birth", date(2012, 1, 1)) == "1974-08-12"
    assert zone.iso_date("expiry_date") == "2012-04-15"


def test_check_digit_uses_weights_seven_three_one() -> None:
    assert check_digit("L898902C3") == "6"
    assert check_digit("740812") == "2"
    assert check_digit("<<<<<<") == "0"


def test_read_zone_corrects_characters_by_position_and_restores_fillers() -> None:
    zone = parse_mrz(("P<UT0ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<", "L8989O2C36UTO74O8122F12O4159ZE184226B<<<<<1O"))
    assert zone is not None
    assert zone.lines == TD3
    assert zone.failed_checks == ()


def test_read_zone_wrong_check_digit_is_reported_not_corrected() -> None:
    zone = parse_mrz((TD3[0], TD3[1].replace("7408122", "7408127")))
    assert zone is not None
    assert set(zone.failed_checks) == {"date_of_birth", "composite"}


def test_read_zone_long_document_number_continues_in_optional_data() -> None:
    number = "D23145890734"
    digit = check_digit(number)
    first = f"I<UTO{number[:9]}<{number[9:]}{digit}".ljust(30, "<")
    zone = parse_mrz((first, TD1[1], TD1[2]))
    assert zone is not None
    assert zone.value("document_number") == number
    assert "document_number" not in zone.failed_checks


def test_find_zone_finds_zone_among_other_lines_or_none() -> None:
    found = find_mrz(["UTOPIA", "PASSPORT", "Name ERIKSSON", *TD3, "footnote"])
    assert found is not None
    assert [span.index for span in found.spans] == [3, 4]
    assert find_mrz(["TOTAL 9.00", "THANK YOU"]) is None
    assert parse_mrz(("HELLO", "WORLD")) is None
