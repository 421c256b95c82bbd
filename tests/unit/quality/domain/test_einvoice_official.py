"""Issues of the official rules: one for each rule, with field, severity and place, none that another check reports."""

from dataclasses import replace
from decimal import Decimal

import pytest

from ingestion.domain.einvoice.model import InvoiceTotals
from ingestion.domain.einvoice.official_rules import OfficialRuleSet, RuleFlag, RuleReport, RuleViolation
from quality.domain.checks.einvoice_official import EInvoiceRules, EInvoiceWarnings, official_id
from quality.domain.checks.einvoice_rules import EInvoiceSums
from quality.domain.checks.examples.builders import document
from quality.domain.checks.examples.einvoice_examples import TOTALS, XML
from quality.domain.facts import FactSet
from quality.domain.outcomes import Evidence, Severity, Verdict

HEADER = "/CrossIndustryInvoice/SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement"
OFF_BY_A_CENT = replace(TOTALS, gross=Decimal("1248.51"), due=Decimal("1248.51"))


def violation(rule: str, text: str = "text", place: str = HEADER, flag: RuleFlag = RuleFlag.FATAL) -> RuleViolation:
    return RuleViolation(rule, text, flag, place)


def facts(
    *violations: RuleViolation, rules: OfficialRuleSet = OfficialRuleSet.EN16931, totals: InvoiceTotals = TOTALS
) -> FactSet:
    return document(einvoice=replace(XML, totals=totals), einvoice_report=RuleReport(rules, "1", violations))


def evidence(*violations: RuleViolation) -> tuple[Evidence, ...]:
    return EInvoiceRules().run(facts(*violations)).evidence


@pytest.mark.parametrize(
    ("rule", "text", "severity"),
    [
        ("BR-S-08", "For each rate", None),
        ("BR-02", "An Invoice number (BT-1)", None),
        ("FX-SCH-A-000019", "Element 'ram:ID' must occur exactly 1 times.", None),
        ("FX-SCH-A-000612", "Value of '@unitCode' is not allowed.", Severity.MINOR),
        ("BR-CL-14", "Countries", Severity.MINOR),
        ("BR-DEC-09", "Two decimals", Severity.MINOR),
        ("CII-SR-465", "Only one", Severity.MINOR),
        ("UBL-SR-48", "One category", Severity.MINOR),
    ],
)
def test_rules_severity_is_minor_for_codes_decimals_and_syntax(rule: str, text: str, severity: Severity | None) -> None:
    (found,) = evidence(violation(rule, text))
    assert found.severity is severity
    assert EInvoiceRules.severity is Severity.MAJOR


@pytest.mark.parametrize(
    ("text", "place", "field"),
    [
        ("total with VAT (BT-112) = total without VAT (BT-109)", HEADER, "total"),
        ("the amount due (BT-115) needs a due date (BT-9)", HEADER, "due_date"),
        ("Value of 'ram:InvoiceCurrencyCode' is not allowed.", f"{HEADER}/InvoiceCurrencyCode", "currency"),
        ("an item has a price (BT-146)", HEADER, None),
        ("nothing named", HEADER, None),
    ],
)
def test_rules_field_is_that_of_the_first_known_term(text: str, place: str, field: str | None) -> None:
    (found,) = evidence(violation("BR-X-1", text, place))
    assert found.field == field


def test_rules_violation_in_many_places_is_one_issue_with_their_number() -> None:
    places = [f"{HEADER}/Line[{number}]" for number in (1, 2, 3)]
    first, other = evidence(*(violation("BR-26", place=place) for place in places), violation("BR-27"))
    assert first.values["place"] == f"{HEADER}/Line[1] and 2 more"
    assert other.values["place"] == HEADER
    assert EInvoiceRules().explain(other) == (
        f"The e-invoice breaks a rule of its standard: text (BR-27, fatal, {HEADER})"
    )


def test_rules_that_another_check_reports_are_left_out() -> None:
    broken = replace(TOTALS, gross=Decimal("1284.50"))
    stated = facts(violation("BR-CO-15"), violation("BR-CO-16"), violation("BR-S-08"), totals=broken)
    assert [found.values["rule"] for found in EInvoiceRules().run(stated).evidence] == ["BR-S-08"]
    assert {found.values["rule"] for found in EInvoiceSums().run(stated).evidence} == {"BR-CO-15", "BR-CO-16"}


def test_rules_currency_of_amounts_is_left_out_with_the_currency() -> None:
    amount = violation("FX-SCH-A-000606", "Value of '@currencyID' is not allowed.", f"{HEADER}/TaxTotalAmount")
    report = RuleReport(OfficialRuleSet.EN16931, "1", (amount, violation("BR-CL-03")))
    unknown = document(einvoice=replace(XML, currency="EUX"), einvoice_report=report)
    assert EInvoiceRules().run(unknown).verdict is Verdict.PASS
    assert len(evidence(amount, violation("BR-CL-03"))) == 2


@pytest.mark.parametrize(
    ("rules", "reported", "verdict"),
    [
        (OfficialRuleSet.EN16931, (), Verdict.FAIL),
        (OfficialRuleSet.EXTENDED, (), Verdict.PASS),
        (OfficialRuleSet.EXTENDED, ("BR-FXEXT-CO-15",), Verdict.FAIL),
    ],
)
def test_sums_of_extended_profile_are_wrong_if_its_own_rules_say_so(
    rules: OfficialRuleSet, reported: tuple[str, ...], verdict: Verdict
) -> None:
    found = facts(*map(violation, reported), rules=rules, totals=OFF_BY_A_CENT)
    assert EInvoiceSums().run(found).verdict is verdict
    assert EInvoiceRules().run(found).verdict is Verdict.PASS


def test_warnings_never_need_a_person_nor_lower_the_score() -> None:
    outcome = EInvoiceWarnings().run(facts(violation("R008", flag=RuleFlag.WARNING), violation("BR-27")))
    assert [found.values["rule"] for found in outcome.evidence] == ["R008"]
    assert (EInvoiceWarnings.severity, outcome.score) == (Severity.INFO, 1.0)


def test_official_id_has_two_digits() -> None:
    assert [official_id(rule) for rule in ("BR-2", "BR-16", "BR-CO-15")] == ["BR-02", "BR-16", "BR-CO-15"]
