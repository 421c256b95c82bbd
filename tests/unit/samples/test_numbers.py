"""Identifiers pass third-party validators, and fail them when broken on purpose."""

from datetime import date

import pytest
from stdnum import get_cc_module, iban, luhn

from samples.numbers.iban import break_iban, grouped, make_iban
from samples.numbers.luhn import NPI_PREFIX, break_last_digit, make_npi
from samples.numbers.mrz import MrzHolder, break_mrz, card_mrz, check_digit, passport_mrz, transliterate
from samples.numbers.vat import make_vat_id, printed_vat_id
from samples.seeds import random_stream

COUNTRIES = ("GB", "IE", "DE", "AT", "FR", "BE")
SPECIMEN = MrzHolder(
    "P", "UTO", "Eriksson", "Anna Maria", "L898902C3", "UTO", date(1974, 8, 12), "F", date(2012, 4, 15), "ZE184226B"
)


@pytest.mark.parametrize("country", COUNTRIES)
def test_iban_and_vat_id_pass_validation_of_their_country(country: str) -> None:
    for index in range(60):
        rng = random_stream(11, country, index)
        account, vat_id = make_iban(rng, country), make_vat_id(rng, country)
        assert iban.validate(account) == account
        vat = get_cc_module(country.lower(), "vat")
        assert vat is not None
        assert vat.is_valid(vat_id)
        assert vat.compact(printed_vat_id(vat_id)) == vat.compact(vat_id)


@pytest.mark.parametrize("country", COUNTRIES)
def test_broken_iban_fails_validation(country: str) -> None:
    for index in range(60):
        rng = random_stream(12, country, index)
        assert not iban.is_valid(break_iban(make_iban(rng, country), rng))


def test_grouped_iban_has_groups_of_four() -> None:
    assert grouped("DE89370400440532013000") == "DE89 3704 0044 0532 0130 00"


def test_npi_passes_luhn_and_broken_npi_fails() -> None:
    for index in range(60):
        rng = random_stream(13, index)
        npi = make_npi(rng)
        assert len(npi) == 10
        assert luhn.is_valid(NPI_PREFIX + npi)
        assert not luhn.is_valid(NPI_PREFIX + break_last_digit(npi, rng))


def test_mrz_equals_icao_specimens() -> None:
    assert passport_mrz(SPECIMEN) == (
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    )
    card = MrzHolder(
        "I", "UTO", "Eriksson", "Anna Maria", "D23145890", "UTO", date(1974, 8, 12), "F", date(2012, 4, 15)
    )
    assert card_mrz(card) == (
        "I<UTOD231458907<<<<<<<<<<<<<<<",
        "7408122F1204159UTO<<<<<<<<<<<6",
        "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    )


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Østergård", "OESTERGAARD"),
        ("D'Avenza", "DAVENZA"),
        ("Pérez-Moya", "PEREZ<MOYA"),
        ("Müllenbach", "MUELLENBACH"),
        ("Anna María", "ANNA<MARIA"),
        ("Weiß", "WEISS"),
    ],
)
def test_transliterate_uses_mrz_alphabet(name: str, written: str) -> None:
    assert transliterate(name) == written


def test_broken_mrz_has_one_wrong_check_digit() -> None:
    first, second = break_mrz(passport_mrz(SPECIMEN))
    assert first == passport_mrz(SPECIMEN)[0]
    assert check_digit(second[:9]) != second[9]
    assert check_digit(second[13:19]) == second[19]
