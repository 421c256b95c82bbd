"""Printed dates: formats, order of day and month, ambiguity, invalid days."""

from datetime import date

import pytest

from ingestion.domain.normalize.dates import DateReading, detect_date_order, find_dates, read_date


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("27/07/17", "2017-07-27"),
        ("23/03/2018 19:08:32", "2018-03-23"),
        ("23/03/201819:08:32", "2018-03-23"),
        ("18JUN2018", "2018-06-18"),
        ("05-JAN-2017", "2017-01-05"),
        ("13. Juni 2018", "2018-06-13"),
        ("1. März 2024", "2024-03-01"),
        ("1er février 2018", "2018-02-01"),
        ("June 5th, 2018", "2018-06-05"),
        ("12 AUG /AOUT 74", "1974-08-12"),
        ("20180428", "2018-04-28"),
        ("2018-04-28T10:00", "2018-04-28"),
        ("3/13/2018", "2018-03-13"),
    ],
)
def test_read_date_accepts_printed_forms(printed: str, iso: str) -> None:
    assert read_date(printed) == DateReading(iso)


def test_read_date_ambiguous_date_gives_both_readings() -> None:
    assert read_date("03/04/2024", "dmy") == DateReading("2024-04-03", True, "2024-03-04")
    assert read_date("03/04/2024", "mdy") == DateReading("2024-03-04", True, "2024-04-03")


def test_read_date_dotted_date_is_day_first() -> None:
    assert read_date("05.03.2018", "mdy") == DateReading("2018-03-05")


@pytest.mark.parametrize("printed", ["12.50", "03-7981 1234", "10:22", "000656195584", "5-7, JALAN 7/1", "1234567"])
def test_find_dates_ignores_other_numbers(printed: str) -> None:
    assert list(find_dates(printed)) == []


@pytest.mark.parametrize("printed", ["31.04.2028", "31-Feb-2023", "2023-02-30", "September 31, 2024"])
def test_find_dates_impossible_date_is_found_but_unread(printed: str) -> None:
    (match,) = find_dates(printed)
    assert printed[match.start : match.stop] == printed
    assert match.read() is None
    assert read_date(printed) is None


def test_read_date_two_digit_birth_year_is_in_the_past() -> None:
    assert read_date("09/06/48", "dmy", date(2024, 1, 1)) == DateReading("1948-06-09", True, "1948-09-06")
    assert read_date("13/06/19", "dmy", date(2024, 1, 1)) == DateReading("2019-06-13")


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (("25/12/2018", "03/04/2018"), "dmy"),
        (("12/25/2018", "03/04/2018"), "mdy"),
        (("03/04/2018", "Springfield, IL 62704"), "mdy"),
        (("03/04/2018", "DE 80333 München"), "dmy"),
        ((), "dmy"),
    ],
)
def test_order_of_texts_gives_day_month_order(texts: tuple[str, ...], order: str) -> None:
    assert detect_date_order(texts) == order
