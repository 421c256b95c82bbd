"""Printed dates: formats, order of day and month, ambiguity, invalid days."""

from datetime import date

import pytest

from ingestion.domain.normalize.date_order import DateOrderDecision, decide_order_of_lines
from ingestion.domain.normalize.dates import DateReading, find_dates, read_date
from ingestion.domain.normalize.new_moons import first_day_of_islamic_month


def decide_order(*lines: str) -> DateOrderDecision:
    """Decide the order of day and month in lines of text."""
    return decide_order_of_lines([(line, tuple(find_dates(line))) for line in lines])


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


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("12 maj 2026", "2026-05-12"),
        ("12. května 2026", "2026-05-12"),
        ("12 maja 2026", "2026-05-12"),
        ("5 de marzo de 2026", "2026-03-05"),
        ("5 de março de 2026", "2026-03-05"),
        ("4 de març de 2026", "2026-03-04"),
        ("4 d'abril de 2026", "2026-04-04"),
        ("3 marzo 2026", "2026-03-03"),
        ("4 kesäkuuta 2026", "2026-06-04"),
        ("4. jūnijs 2026", "2026-06-04"),
        ("2026. gada 4. jūnijs", "2026-06-04"),
        ("2026 m. birželio 4 d.", "2026-06-04"),
        ("2026. március 4.", "2026-03-04"),
        ("4 Ağustos 2026", "2026-08-04"),
        ("4 KASIM 2026", "2026-11-04"),
        ("4 sierpnia 2026", "2026-08-04"),
        ("4 мая 2026 г.", "2026-05-04"),  # noqa: RUF001 - Cyrillic
        ("4 травня 2026", "2026-05-04"),
        ("4 Μαρτίου 2026", "2026-03-04"),
        ("4 במרץ 2026", "2026-03-04"),
        ("4 مارس 2026", "2026-03-04"),
        ("٤ مارس ٢٠٢٦", "2026-03-04"),
        ("4 tháng 3, 2026", "2026-03-04"),
        ("ngày 4 tháng 3 năm 2026", "2026-03-04"),
        ("4 मार्च 2026", "2026-03-04"),
        ("2026年3月4日", "2026-03-04"),
        ("2026년 3월 4일", "2026-03-04"),
        ("2026-Mar-04", "2026-03-04"),
        ("2 items 20 Jan 2018", "2018-01-20"),
        ("payment due June 5, 2018", "2018-06-05"),
    ],
)
def test_read_date_knows_month_names_of_many_languages(printed: str, iso: str) -> None:
    assert read_date(printed) == DateReading(iso)


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("15/03/2569", "2026-03-15"),
        ("2569-03-15", "2026-03-15"),
        ("15 มีนาคม 2569", "2026-03-15"),
        ("15 มี.ค. 69", "2026-03-15"),
        ("15 มีนาคม พ.ศ. ๒๕๖๙", "2026-03-15"),
        ("15 March B.E. 2569", "2026-03-15"),
        ("22/09/1447 H", "2026-03-11"),
        ("1447/09/22 AH", "2026-03-11"),
        ("٢٢/٠٩/١٤٤٧", "2026-03-11"),
        ("22 Ramadan 1447", "2026-03-11"),
        ("۱۴۰۴/۱۲/۲۴", "2026-03-15"),
        ("24 Esfand 1404", "2026-03-15"),
        ("1403/12/30 SH", "2025-03-20"),
        ("令和8年3月15日", "2026-03-15"),
        ("令和元年5月1日", "2019-05-01"),
        ("平成31年4月30日", "2019-04-30"),
        ("R8.3.15", "2026-03-15"),
        ("昭和64年1月7日", "1989-01-07"),
        ("民國115年3月15日", "2026-03-15"),
        ("民國 115/03/15", "2026-03-15"),
        ("ROC 115/03/15", "2026-03-15"),
        ("Hijri date: 22/09/1447", "2026-03-11"),
        ("06/07/2018 E.C.", "2026-03-15"),
    ],
)
def test_read_date_converts_other_calendars(printed: str, iso: str) -> None:
    assert read_date(printed) == DateReading(iso)


@pytest.mark.parametrize("printed", ["22/09/1447", "1405/12/24", "1,25,2550", "Teil 1447/09/22"])
def test_find_dates_of_other_years_need_a_sign_of_their_calendar(printed: str) -> None:
    assert list(find_dates(printed)) == []


@pytest.mark.parametrize(
    "printed", ["12/11/2082 B.S.", "30/02/1447 H", "31/12/1404 SH", "平成31年5月1日", "31/02/2569"]
)
def test_read_date_of_unknown_calendar_or_impossible_day_is_found_but_unread(printed: str) -> None:
    (match,) = find_dates(printed)
    assert match.read() is None


@pytest.mark.parametrize("printed", ["22/09/1447 H", "Hijri: 22/09/1447", "06/07/2018 E.C.", "15/12/1404 SH"])
def test_find_dates_includes_the_sign_of_the_calendar(printed: str) -> None:
    """The printed value is therefore read alike when it is sent again."""
    (match,) = find_dates(f"Date  {printed}, Riyadh")
    assert f"Date  {printed}, Riyadh"[match.start : match.stop] == printed


def test_read_date_month_name_of_two_languages_is_ambiguous() -> None:
    assert read_date("4 listopada 2026") == DateReading("2026-11-04", True, "2026-10-04")


@pytest.mark.parametrize(
    ("year", "month", "first"),
    [
        (1443, 9, date(2022, 4, 2)),
        (1444, 9, date(2023, 3, 23)),
        (1445, 9, date(2024, 3, 11)),
        (1445, 10, date(2024, 4, 10)),
        (1446, 1, date(2024, 7, 7)),
        (1446, 9, date(2025, 3, 1)),
        (1446, 10, date(2025, 3, 30)),
        (1447, 1, date(2025, 6, 26)),
        (1447, 9, date(2026, 2, 18)),
        (1448, 1, date(2026, 6, 16)),
    ],
)
def test_islamic_month_begins_on_the_day_of_umm_al_qura(year: int, month: int, first: date) -> None:
    assert first_day_of_islamic_month(year, month) == first


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
        (("03/04/2026", "SPRINGFIELD, IL 62704"), "mdy"),
        (("03/04/2026", "Austin TX 78701"), "mdy"),
        (("03/04/2026", "Berlin, DE 10115"), "dmy"),
        (("03/04/2026", "Sales Tax 8.25%"), "mdy"),
        (("03/04/2026", "Austin, Texas 78701"), "mdy"),
        (("03/04/2026", "Leeds LS1 4AP", "WACO, TX 76701", "VAT 20%"), "dmy"),
        (("03/04/2026", "Total USD 5.00", "Kuala Lumpur", "RM 20.00"), "dmy"),
        (("03/04/2026", "Total USD 5.00"), "dmy"),
        (("03/04/2026", "Total $5.00", "Delivered April 15, 2026"), "mdy"),
        (("03/04/2026", "Delivered 15 April 2026"), "dmy"),
        ((), "dmy"),
    ],
)
def test_order_of_texts_gives_day_month_order(texts: tuple[str, ...], order: str) -> None:
    assert decide_order(*texts).order == order


@pytest.mark.parametrize(
    ("rows", "order"),
    [
        (("Invoice date 25/12/2018",), "dmy"),
        (("Invoice date 03/04/2026", "Due date 04/03/2026"), "mdy"),
        (("Invoice date 04/03/2026", "Due date 03/04/2026", "Springfield, IL 62704"), "dmy"),
        (("Invoice date 03/04/2026", "Due date 05/04/2026", "Net 30"), None),
        (("Invoice date 02/01/2026", "Due date 02/03/2026", "Net 30"), None),
        (("Invoice date 03/04/2026", "Due date 04/05/2026", "Terms: Net 31"), "dmy"),
        (("Date 03/04/2026", "Shipped on March 4, 2026"), "mdy"),
        (("Rechnungsdatum 03/04/2026", "Datum: 3. April 2026"), "dmy"),
        (("Admission 02/03/2026", "Discharge 01/04/2026"), "dmy"),
        (("Invoice date", "03/04/2026", "Due date", "04/03/2026"), "mdy"),
    ],
)
def test_date_order_is_settled_by_other_dates(rows: tuple[str, ...], order: str | None) -> None:
    """Dates that must not be before others, days in words, terms of payment: before any address."""
    decision = decide_order(*rows)
    assert decision.is_settled == (order is not None)
    assert decision.order == (order or "dmy")


def test_date_order_by_country_is_not_settled() -> None:
    assert not decide_order("03/04/2018", "Springfield, IL 62704").is_settled
