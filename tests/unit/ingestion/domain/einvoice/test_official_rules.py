"""Official rules: which ones apply to an invoice, and how the Schematron's findings are read."""

import pytest

from ingestion.adapters.formats.einvoice.xml import read_xml
from ingestion.domain.einvoice.official_rules import (
    MAX_VIOLATIONS,
    OfficialRuleSet,
    RawFinding,
    RuleFlag,
    RuleReport,
    RuleViolation,
    read_findings,
    rule_set_of,
)
from ingestion.domain.einvoice.parsing import parse_einvoice
from ingestion.domain.einvoice.serialization import pack_report, unpack_report
from tests.support.einvoices import XRECHNUNG, cii, ubl, zugferd1

ROOT = "/*:CrossIndustryInvoice[namespace-uri()='urn:x'][1]"
CONTEXT = f"{ROOT}/*:ExchangedDocumentContext[namespace-uri()='urn:x'][1]"
PARAMETER = f"{CONTEXT}/*:GuidelineSpecifiedDocumentContextParameter[namespace-uri()='urn:x'][1]"
GUIDELINE = f"{PARAMETER}/*:ID[namespace-uri()='urn:x'][1]"
DELIVERY = f"{ROOT}/*:ApplicableHeaderTradeDelivery[namespace-uri()='urn:x'][1]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (cii(), OfficialRuleSet.EN16931),
        (cii(guideline=XRECHNUNG), OfficialRuleSet.EN16931),
        (cii(guideline="urn:factur-x.eu:1p0:minimum"), OfficialRuleSet.MINIMUM),
        (cii(guideline="urn:factur-x.eu:1p0:basicwl"), OfficialRuleSet.BASIC_WL),
        (cii(guideline="urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic"), OfficialRuleSet.BASIC),
        (cii(guideline="urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended"), OfficialRuleSet.EXTENDED),
        (cii(guideline="urn:example:own"), None),
        (ubl(), OfficialRuleSet.UBL),
        (ubl(credit=True, type="381"), OfficialRuleSet.UBL),
        (zugferd1(), None),
    ],
)
def test_rule_set_of_invoice_follows_syntax_and_profile(text: str, expected: OfficialRuleSet | None) -> None:
    assert rule_set_of(parse_einvoice(read_xml(text.encode()))) is expected


def test_read_findings_takes_id_from_text_and_shortens_place() -> None:
    line = f"{ROOT}/*:IncludedSupplyChainTradeLineItem[namespace-uri()='urn:x'][12]"
    (found,) = read_findings([RawFinding("FX-SCH-A-000372", "", line, " [BR-26]-Each line\n  has a price (BT-146). ")])
    assert found == RuleViolation(
        "BR-26",
        "Each line has a price (BT-146).",
        RuleFlag.FATAL,
        "/CrossIndustryInvoice/IncludedSupplyChainTradeLineItem[12]",
    )


@pytest.mark.parametrize(
    ("finding", "flag"),
    [
        (RawFinding("BR-1", "", ROOT, "x"), RuleFlag.FATAL),
        (RawFinding("BR-1", "fatal", ROOT, "x"), RuleFlag.FATAL),
        (RawFinding("UBL-CR-1", "warning", ROOT, "x"), RuleFlag.WARNING),
        (RawFinding("", "", ROOT, "x", passed_report=True), RuleFlag.UNUSED),
    ],
)
def test_read_findings_flag_is_fatal_unless_the_rule_says_less(finding: RawFinding, flag: RuleFlag) -> None:
    (found,) = read_findings([finding])
    assert found.flag is flag


def test_read_findings_unknown_identifier_is_no_violation_but_missing_one_is() -> None:
    findings = [
        RawFinding("FX-SCH-A-000556", "", GUIDELINE, "Value of 'ram:ID' is not allowed."),
        RawFinding("BR-01", "", GUIDELINE, "[BR-01]-A specification identifier (BT-24)."),
    ]
    assert [found.rule for found in read_findings(findings)] == ["BR-01"]


def test_read_findings_required_element_may_be_empty() -> None:
    empty = [RawFinding("R008", "warning", place, "empty elements") for place in (DELIVERY, f"{DELIVERY}/ID")]
    assert [found.place for found in read_findings(empty)] == ["/CrossIndustryInvoice/ApplicableHeaderTradeDelivery/ID"]
    (fatal,) = read_findings([RawFinding("R008", "", DELIVERY, "empty elements")])
    assert fatal.flag is RuleFlag.FATAL


def test_read_findings_unused_element_is_one_violation_and_failed_rule_one_per_place() -> None:
    places = [f"{ROOT}/Line[{number}]" for number in (1, 2)]
    unused = [RawFinding("", "", place, "not used", passed_report=True) for place in places]
    failed = [RawFinding("BR-26", "", place, "a price") for place in places]
    found = read_findings([*unused, *failed, *failed])
    assert [(each.flag.value, each.place) for each in found] == [
        ("unused", "/CrossIndustryInvoice/Line"),
        ("fatal", "/CrossIndustryInvoice/Line"),
        ("fatal", "/CrossIndustryInvoice/Line[2]"),
    ]


def test_read_findings_are_limited_in_number_and_length() -> None:
    many = [RawFinding("B" * 99, "", f"/a[{number}]" + "/b" * 999, "t" * 9999) for number in range(MAX_VIOLATIONS + 1)]
    found = read_findings(many)
    assert len(found) == MAX_VIOLATIONS
    assert max((len(each.rule), len(each.text), len(each.place)) for each in found) == (40, 400, 300)


def test_base_rule_of_extended_profile_is_that_of_standard() -> None:
    rules = ("BR-FXEXT-CO-15", "BR-CO-15", "BR-FXEXT-S-08")
    found = [RuleViolation(rule, "", RuleFlag.FATAL, "").base_rule for rule in rules]
    assert found == ["BR-CO-15", "BR-CO-15", "BR-S-08"]


def test_report_survives_json() -> None:
    report = RuleReport(OfficialRuleSet.UBL, "1", (RuleViolation("BR-1", "text", RuleFlag.WARNING, "/Invoice"),))
    assert unpack_report(pack_report(report)) == report
    with pytest.raises(ValueError, match="flag"):
        unpack_report(pack_report(report) | {"violations": [{"rule": "", "text": "", "flag": "odd", "place": ""}]})
