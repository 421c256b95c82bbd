"""The rules of EN 16931: each broken once, and what a profile leaves out is not missing."""

import pytest

from ingestion.adapters.formats.einvoice.xml import read_xml
from ingestion.domain.einvoice import EInvoice, parse_einvoice
from ingestion.domain.einvoice.rules import broken_sums, can_be_summed, lacking_terms, wrong_codes
from tests.einvoices import ZUGFERD1, cii, cii_without_lines, ubl, zugferd1

CURRENCIES = frozenset({"EUR", "CHF"})


def parsed(text: str) -> EInvoice:
    return parse_einvoice(read_xml(text.encode()))


@pytest.mark.parametrize("text", [cii(), zugferd1(), ubl(), ubl(credit=True, type="381")])
def test_a_bill_in_order_breaks_nothing(text: str) -> None:
    invoice = parsed(text)
    assert broken_sums(invoice) == ()
    assert lacking_terms(invoice) == ()
    assert wrong_codes(invoice, CURRENCIES) == ()
    assert can_be_summed(invoice)


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"line": "900.01"}, ["BR-CO-10"]),
        ({"lines": "1001.00"}, ["BR-CO-10", "BR-CO-13"]),
        ({"gross": "1130.51"}, ["BR-CO-15", "BR-CO-16"]),
        ({"due_amount": "1130.50"}, ["BR-CO-16"]),
        ({"tax": "185.00", "gross": "1135.00", "due_amount": "1104.50"}, ["BR-CO-17"]),
        ({"net": "1000.00", "gross": "1180.50", "due_amount": "1150.00"}, ["BR-CO-13", "BR-CO-17"]),
    ],
)
@pytest.mark.parametrize("write", [cii, ubl])
def test_each_sum_broken(write: object, changes: dict[str, str], rules: list[str]) -> None:
    assert callable(write)
    assert [broken.rule for broken in broken_sums(parsed(write(**changes)))] == rules


def test_a_broken_sum_says_what_it_should_be() -> None:
    (broken, _) = broken_sums(parsed(cii(gross="1130.51")))
    assert (broken.term, str(broken.stated), str(broken.wanted)) == ("BT-112", "1130.51", "1130.50")


def test_amounts_are_compared_to_the_cent() -> None:
    assert broken_sums(parsed(cii(gross="1130.5000", line="900.0"))) == ()


def test_allowances_must_be_those_listed() -> None:
    text = cii().replace("<ActualAmount>50.00", "<ActualAmount>40.00")
    assert [broken.rule for broken in broken_sums(parsed(text))] == ["BR-CO-11"]


def test_profiles_without_lines_lack_none() -> None:
    for guideline in ("urn:factur-x.eu:1p0:minimum", "urn:factur-x.eu:1p0:basicwl"):
        assert lacking_terms(parsed(cii_without_lines(guideline=guideline))) == ()
    assert [lack.rule for lack in lacking_terms(parsed(cii_without_lines()))] == ["BR-16"]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [({"number": ""}, "BR-2"), ({"issued": ""}, "BR-3"), ({"type": ""}, "BR-4"), ({"seller": ""}, "BR-6"),
     ({"buyer": ""}, "BR-7"), ({"gross": ""}, "BR-14"), ({"due_amount": ""}, "BR-15"),
     ({"guideline": ""}, "BR-1")],
)  # fmt: skip
def test_each_mandatory_term_missing(changes: dict[str, str], rule: str) -> None:
    assert [lack.rule for lack in lacking_terms(parsed(cii(**changes)))] == [rule]


def test_a_term_that_cannot_be_read_is_not_also_missing() -> None:
    assert lacking_terms(parsed(cii(gross="many"))) == ()


def test_the_older_dialect_asks_for_less() -> None:
    assert lacking_terms(parsed(zugferd1(due_amount="", guideline=ZUGFERD1))) == ()


@pytest.mark.parametrize(
    ("changes", "term"),
    [({"type": "999"}, "BT-3"), ({"currency": "EUX"}, "BT-5")],
)
def test_codes_come_from_their_lists(changes: dict[str, str], term: str) -> None:
    assert [wrong.term for wrong in wrong_codes(parsed(cii(**changes)), CURRENCIES)] == [term]


def test_countries_and_tax_categories_too() -> None:
    text = cii().replace("<CountryID>DE", "<CountryID>GER", 1)
    text = text.replace("<CategoryCode>S", "<CategoryCode>X", 1)
    wrong = wrong_codes(parsed(text), CURRENCIES)
    assert {(each.term, each.code) for each in wrong} == {("BT-40", "GER"), ("BT-151", "X")}
