"""Machine-readable zones of every format: values, long numbers, empty parts, names of one word and too long ones."""

from dataclasses import replace
from datetime import date

import pytest

from ingestion.domain.normalize.mrz import MrzZone, agrees_with_zone, parse_mrz
from samples.numbers.mrz import MrzHolder, card_mrz, check_digit, passport_mrz, small_passport_mrz, visa_mrz

TODAY = date(2026, 11, 30)
HOLDER = MrzHolder(
    code="P",
    issuer="UTO",
    surname="Solberg",
    given_names="Maja Liv",
    number="QK4471906",
    nationality="NOR",
    born=date(1985, 4, 12),
    sex="F",
    expires=date(2031, 4, 15),
)
VISA, CARD = replace(HOLDER, code="V"), replace(HOLDER, code="ID")
FRENCH_CARD = ("IDFRALEFORESTIER<<<<<<<<<<<<<<952042", "0509952018746NICOLAS<<PAUL<8206152M3")


def _read(lines: tuple[str, ...]) -> MrzZone:
    zone = parse_mrz(lines)
    assert zone is not None
    return zone


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("TD3", passport_mrz(HOLDER)),
        ("TD2", small_passport_mrz(HOLDER)),
        ("TD1", card_mrz(CARD)),
        ("MRV-A", visa_mrz(VISA)),
        ("MRV-B", visa_mrz(VISA, 36)),
    ],
)
def test_zone_of_each_format_has_its_values(name: str, lines: tuple[str, ...]) -> None:
    zone = _read(lines)
    assert (zone.format.name, zone.failed_checks) == (name, ())
    assert [zone.value(part) for part in ("surname", "given_names", "document_number", "nationality", "sex")] == [
        "SOLBERG",
        "MAJA LIV",
        "QK4471906",
        "NOR",
        "F",
    ]
    assert (zone.iso_date("date_of_birth", TODAY), zone.iso_date("expiry_date")) == ("1985-04-12", "2031-04-15")


@pytest.mark.parametrize("lines", [visa_mrz(replace(VISA, optional="B7K2")), visa_mrz(replace(VISA, optional="9"), 36)])
def test_zone_of_visa_with_optional_data_needs_no_check_digit_over_all(lines: tuple[str, ...]) -> None:
    assert _read(lines).failed_checks == ()


def test_zone_of_passport_with_wrong_digit_over_all_is_not_taken_for_a_visa() -> None:
    first, second = passport_mrz(HOLDER)
    wrong = str((int(second[-1]) + 1) % 10)
    zone = _read((first, second[:-1] + wrong))
    assert (zone.format.name, zone.failed_checks) == ("TD3", ("composite",))


def test_zone_of_french_card_has_names_and_number_and_no_expiry() -> None:
    number, birth = FRENCH_CARD[1][:12], FRENCH_CARD[1][27:33]
    body = f"{number}{check_digit(number)}NICOLAS<<PAUL<{birth}{check_digit(birth)}M"
    zone = _read((FRENCH_CARD[0], body + check_digit(FRENCH_CARD[0] + body)))
    assert (zone.format.name, zone.failed_checks) == ("IDFRA", ())
    assert (zone.value("surname"), zone.value("given_names")) == ("LEFORESTIER", "NICOLAS PAUL")
    assert (zone.value("document_number"), zone.value("nationality")) == ("050995201874", "FRA")
    assert zone.iso_date("date_of_birth", TODAY) == "1982-06-15"
    assert zone.iso_date("expiry_date") is None
    assert zone.value("expiry_date") == ""


@pytest.mark.parametrize("number", ["QK44719065", "QK447190651", "600001795015", "QK4471906512345"[:14]])
def test_zone_of_card_with_long_number_checks_all_of_it_without_the_filler(number: str) -> None:
    zone = _read(card_mrz(replace(CARD, number=number)))
    assert zone.failed_checks == ()
    assert zone.value("document_number") == number


def test_zone_of_card_with_long_number_and_another_digit_fails() -> None:
    first, second, names = card_mrz(replace(CARD, number="600001795015"))
    changed = first.replace("600001795<0152", "600001795<0162")
    assert changed != first
    assert "document_number" in _read((changed, second, names)).failed_checks


def test_zone_of_small_passport_with_long_number_has_all_of_it() -> None:
    number = "QK447190651"
    first, second = small_passport_mrz(replace(HOLDER, number=number[:9], optional=""))
    optional = f"{number[9:]}{check_digit(number)}".ljust(7, "<")
    body = f"{number[:9]}<{second[10:28]}{optional}"
    zone = _read((first, body + check_digit(body[:10] + body[13:20] + body[21:35])))
    assert (zone.value("document_number"), zone.failed_checks) == (number, ())


def test_zone_with_optional_data_in_every_place_has_no_filler_to_need() -> None:
    holder = replace(CARD, optional="49002142345ABCD", nationality="EST")
    zone = _read(card_mrz(holder))
    assert zone.failed_checks == ()
    assert zone.lines[0].count("<") == 0


@pytest.mark.parametrize("digit", ["<", "0"])
def test_zone_with_empty_optional_data_accepts_filler_or_zero_as_its_digit(digit: str) -> None:
    first, second = passport_mrz(HOLDER)
    body = second[:42] + digit
    zone = _read((first, body + check_digit(body[:10] + body[13:20] + body[21:43])))
    assert zone.failed_checks == ()


def test_zone_with_optional_data_does_not_accept_filler_as_its_digit() -> None:
    first, second = passport_mrz(replace(HOLDER, optional="12345"))
    assert "optional" in _read((first, second[:42] + "<" + second[43:])).failed_checks


def test_zone_with_unknown_birthday_has_no_date_of_birth() -> None:
    first, second = passport_mrz(HOLDER)
    body = second[:13] + "85<<<<" + check_digit("85<<<<") + second[20:43]
    zone = _read((first, body + check_digit(body[:10] + body[13:20] + body[21:43])))
    assert zone.failed_checks == ()
    assert zone.iso_date("date_of_birth", TODAY) is None


def test_zone_with_one_name_has_no_given_names() -> None:
    zone = _read(passport_mrz(replace(HOLDER, surname="Zarmina", given_names="")))
    assert (zone.value("surname"), zone.value("given_names")) == ("ZARMINA", "")
    assert not zone.may_be_truncated("given_names")


LONG = replace(HOLDER, surname="van der Hoogeveldt Braamkamp", given_names="Wilhelmina Anne Marie")


@pytest.mark.parametrize(
    ("holder", "part", "printed", "expected"),
    [
        (LONG, "given_names", "Wilhelmina Anne Marie", True),
        (LONG, "given_names", "Hendrika Anne Marie", False),
        (LONG, "surname", "van der Hoogeveldt-Braamkamp", True),
        (replace(HOLDER, surname="Müller-Østby"), "surname", "Müller-Østby", True),
        (replace(HOLDER, surname="Mueller"), "surname", "Müller", True),
        (replace(HOLDER, surname="Muller"), "surname", "Müller", True),
        (replace(HOLDER, surname="MUNXXOZ"), "surname", "Muñoz", True),
        (replace(HOLDER, surname="Ivanov"), "surname", "ИВАНОВ / IVANOV", True),
        (HOLDER, "surname", "Solvang", False),
        (HOLDER, "given_names", "Maja", False),
        (HOLDER, "sex", "W", True),
        (HOLDER, "sex", "Ж/F", True),
        (HOLDER, "sex", "weiblich", True),
        (HOLDER, "sex", "M", False),
        (HOLDER, "sex", "?", None),
        (HOLDER, "document_number", "QK 447-1906", True),
        (HOLDER, "document_number", "QK4471907", False),
        (HOLDER, "nationality", "NORSK / NORWEGIAN", True),
        (HOLDER, "nationality", "SUOMI / FINLAND", False),
        (HOLDER, "nationality", "Xyzzyan", None),
        (HOLDER, "date_of_birth", "1985-04-12", True),
        (HOLDER, "expiry_date", "2031-04-16", False),
        (HOLDER, "expiry_date", "", None),
    ],
)
def test_printed_value_agrees_with_the_zone_or_not(
    holder: MrzHolder, part: str, printed: str, expected: bool | None
) -> None:
    assert agrees_with_zone(_read(passport_mrz(holder)), part, printed, TODAY) is expected
