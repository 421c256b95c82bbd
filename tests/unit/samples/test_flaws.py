"""Every deliberate flaw is present in its document; a document without flaws has none."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import simple_icd_10_cm
from stdnum import iban, luhn

from samples.flaws import FLAWS, PAIRED_FLAWS
from samples.generate import make_document
from samples.numbers.luhn import NPI_PREFIX
from samples.numbers.mrz import check_digit
from samples.schemas import KINDS
from tests.unit.samples.sample_content import fields_of

Fields = dict[str, dict[str, Any]]
FUTURE_DATE = date(2060, 1, 1)
ORDERED_DATES = {
    "invoice": ("invoice_date", "due_date"),
    "lab_report": ("collected_at", "reported_at"),
    "discharge_letter": ("admission_date", "discharge_date"),
}
UNPAIRED_FLAWS = [(kind, flaw) for kind in KINDS for flaw in FLAWS[kind] if flaw not in PAIRED_FLAWS]


def _dates(fields: Fields) -> dict[str, str]:
    return {
        name: field["normalized"]
        for name, field in fields.items()
        if field["value"] and ("date" in name or name.endswith("_at"))
    }


def _total_mismatch(kind: str, fields: Fields, sound: Fields) -> bool:
    if kind == "receipt":
        return bool(fields["total"]["normalized"] != sound["total"]["normalized"])
    net, tax, total = (Decimal(fields[name]["normalized"]) for name in ("net_total", "tax_total", "total"))
    return net + tax != total


def _impossible_date(kind: str, fields: Fields, _sound: Fields) -> bool:
    if any(not iso for iso in _dates(fields).values()):
        return True
    days = [fields[name]["normalized"] for name in ORDERED_DATES.get(kind, ()) if fields[name]["value"]]
    return bool(days != sorted(days))


def _future_date(_kind: str, fields: Fields, _sound: Fields) -> bool:
    return any(date.fromisoformat(iso) > FUTURE_DATE for iso in _dates(fields).values() if iso)


def _ambiguous_date(_kind: str, fields: Fields, _sound: Fields) -> bool:
    numeric = [iso for name, iso in _dates(fields).items() if fields[name]["value"].replace("/", "").isdigit()]
    days = [date.fromisoformat(iso) for iso in numeric]
    return bool(days) and all(day.day <= 12 and day.day != day.month for day in days)


def _missing_field(_kind: str, fields: Fields, _sound: Fields) -> bool:
    return sum(not field["value"] and field["bbox"] is None for field in fields.values()) == 1


def _invalid_iban(kind: str, fields: Fields, _sound: Fields) -> bool:
    account = str(fields["iban"]["normalized"]) if kind == "invoice" else ""
    return account != "" and not bool(iban.is_valid(account))


def _unknown_icd_code(kind: str, fields: Fields, _sound: Fields) -> bool:
    codes = fields["diagnoses"]["normalized"].split(",") if kind == "discharge_letter" else []
    return sum(not simple_icd_10_cm.is_valid_item(code) for code in codes) == 1


def _npi_check_digit(kind: str, fields: Fields, _sound: Fields) -> bool:
    npi = fields["npi"]["normalized"] if kind == "discharge_letter" else ""
    return bool(npi) and not luhn.is_valid(NPI_PREFIX + npi)


def _mrz_check_digit(kind: str, fields: Fields, _sound: Fields) -> bool:
    if kind != "identity_document":
        return False
    zone = str(fields["mrz"]["normalized"]).split("\n")
    number, digit = (zone[1][:9], zone[1][9]) if len(zone) == 2 else (zone[0][5:14], zone[0][14])
    return check_digit(number) != digit


FINDERS: dict[str, Callable[[str, Fields, Fields], bool]] = {
    "impossible_date": _impossible_date,
    "future_date": _future_date,
    "missing_field": _missing_field,
    "invalid_iban": _invalid_iban,
    "unknown_icd_code": _unknown_icd_code,
    "npi_check_digit": _npi_check_digit,
    "mrz_check_digit": _mrz_check_digit,
}


def _find(flaw: str, kind: str, fields: Fields, sound: Fields) -> bool:
    if flaw == "total_mismatch":
        return _total_mismatch(kind, fields, sound)
    return _ambiguous_date(kind, fields, sound) if flaw == "ambiguous_date" else FINDERS[flaw](kind, fields, sound)


@pytest.mark.parametrize(("kind", "flaw"), UNPAIRED_FLAWS)
def test_flawed_document_has_requested_flaw_only(kind: str, flaw: str) -> None:
    for index in range(4):
        sample = make_document(kind, seed=41, index=index, scan=False, flaws=(flaw,))
        fields = fields_of(sample)
        sound = fields_of(make_document(kind, seed=41, index=index, scan=False))
        assert sample.truth["flaws"] == (flaw,)
        assert _find(flaw, kind, fields, sound)
        assert [other for other in FINDERS if other != flaw and _find(other, kind, fields, sound)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_flawless_document_has_no_flaw(kind: str) -> None:
    for index in range(10):
        fields = fields_of(make_document(kind, seed=42, index=index, scan=False))
        assert [flaw for flaw in FINDERS if _find(flaw, kind, fields, fields)] == []
        assert kind != "invoice" or not _total_mismatch(kind, fields, fields)


def test_duplicate_has_bytes_of_original() -> None:
    for kind in KINDS:
        for scan in (False, True):
            original = make_document(kind, seed=43, index=3, scan=scan)
            copy = make_document(kind, seed=43, index=3, scan=scan, flaws=("exact_duplicate",))
            assert copy.content == original.content
            assert copy.name != original.name
            assert copy.truth["duplicate_of"] == original.name


def test_newer_version_keeps_number_and_moves_date() -> None:
    original = make_document("invoice", seed=44, index=5, scan=False)
    newer = make_document("invoice", seed=44, index=5, scan=False, flaws=("newer_version",))
    old, new = fields_of(original), fields_of(newer)
    assert newer.truth["supersedes"] == original.name
    assert new["invoice_number"]["normalized"] == old["invoice_number"]["normalized"]
    assert new["supplier"]["value"] == old["supplier"]["value"]
    assert new["invoice_date"]["normalized"] > old["invoice_date"]["normalized"]
    assert new["total"]["normalized"] != old["total"]["normalized"]


def test_contradiction_keeps_number_and_date_with_other_amounts() -> None:
    original = make_document("invoice", seed=45, index=5, scan=False)
    other = make_document("invoice", seed=45, index=5, scan=False, flaws=("contradiction",))
    old, new = fields_of(original), fields_of(other)
    assert other.truth["contradicts"] == original.name
    for name in ("invoice_number", "invoice_date", "supplier", "iban"):
        assert new[name]["normalized"] == old[name]["normalized"]
    assert new["total"]["normalized"] != old["total"]["normalized"]


def test_impossible_requests_raise() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        make_document("poem", seed=1, index=1)
    with pytest.raises(ValueError, match="cannot have the flaw mrz_check_digit"):
        make_document("invoice", seed=1, index=1, flaws=("mrz_check_digit",))
    with pytest.raises(ValueError, match="at once"):
        make_document("invoice", seed=1, index=1, flaws=("newer_version", "contradiction"))
