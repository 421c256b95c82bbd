"""Rules of EN 16931: each is violated once; terms that a profile omits are not reported as missing."""

import pytest

from ingestion.adapters.formats.einvoice.xml import read_xml
from ingestion.domain.einvoice.model import EInvoice
from ingestion.domain.einvoice.parsing import parse_einvoice
from ingestion.domain.einvoice.rules import broken_sums, has_comparable_totals, missing_terms, unlisted_codes
from tests.support.einvoices import ZUGFERD1, cii, cii_without_lines, ubl, zugferd1

CURRENCIES = frozenset({"EUR", "CHF"})


def parsed(text: str) -> EInvoice:
    return parse_einvoice(read_xml(text.encode()))


@pytest.mark.parametrize("text", [cii(), zugferd1(), ubl(), ubl(credit=True, type="381")])
def test_rules_valid_invoice_has_no_violations(text: str) -> None:
    invoice = parsed(text)
    assert broken_sums(invoice) == ()
    assert missing_terms(invoice) == ()
    assert unlisted_codes(invoice, CURRENCIES) == ()
    assert has_comparable_totals(invoice)


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
def test_rules_each_broken_sum_is_reported(write: object, changes: dict[str, str], rules: list[str]) -> None:
    assert callable(write)
    assert [broken.rule for broken in broken_sums(parsed(write(**changes)))] == rules


def test_rules_broken_sum_reports_expected_amount() -> None:
    (broken, _) = broken_sums(parsed(cii(gross="1130.51")))
    assert (broken.term, str(broken.stated), str(broken.expected)) == ("BT-112", "1130.51", "1130.50")


def test_rules_amounts_are_compared_to_the_cent() -> None:
    assert broken_sums(parsed(cii(gross="1130.5000", line="900.0"))) == ()


def test_rules_allowances_must_equal_listed_allowances() -> None:
    text = cii().replace("<ActualAmount>50.00", "<ActualAmount>40.00")
    assert [broken.rule for broken in broken_sums(parsed(text))] == ["BR-CO-11"]


def test_rules_profiles_without_lines_require_none() -> None:
    for guideline in ("urn:factur-x.eu:1p0:minimum", "urn:factur-x.eu:1p0:basicwl"):
        assert missing_terms(parsed(cii_without_lines(guideline=guideline))) == ()
    assert [lack.rule for lack in missing_terms(parsed(cii_without_lines()))] == ["BR-16"]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"number": ""}, "BR-2"),
        ({"issued": ""}, "BR-3"),
        ({"type": ""}, "BR-4"),
        ({"seller": ""}, "BR-6"),
        ({"buyer": ""}, "BR-7"),
        ({"gross": ""}, "BR-14"),
        ({"due_amount": ""}, "BR-15"),
        ({"guideline": ""}, "BR-1"),
    ],
)
def test_rules_each_missing_mandatory_term_is_reported(changes: dict[str, str], rule: str) -> None:
    assert [lack.rule for lack in missing_terms(parsed(cii(**changes)))] == [rule]


def test_rules_unreadable_term_is_not_also_missing() -> None:
    assert missing_terms(parsed(cii(gross="many"))) == ()


def test_rules_zugferd1_requires_fewer_terms() -> None:
    assert missing_terms(parsed(zugferd1(due_amount="", guideline=ZUGFERD1))) == ()


@pytest.mark.parametrize(("changes", "term"), [({"type": "999"}, "BT-3"), ({"currency": "EUX"}, "BT-5")])
def test_rules_unknown_code_is_reported(changes: dict[str, str], term: str) -> None:
    assert [wrong.term for wrong in unlisted_codes(parsed(cii(**changes)), CURRENCIES)] == [term]


def test_rules_unknown_country_and_tax_category_are_reported() -> None:
    text = cii().replace("<CountryID>DE", "<CountryID>GER", 1)
    text = text.replace("<CategoryCode>S", "<CategoryCode>X", 1)
    wrong = unlisted_codes(parsed(text), CURRENCIES)
    assert {(each.term, each.code) for each in wrong} == {("BT-40", "GER"), ("BT-151", "X")}
