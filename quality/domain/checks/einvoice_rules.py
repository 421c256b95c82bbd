"""Checks of e-invoices: the XML by the rules of EN 16931, and its agreement with the visible page."""

from dataclasses import dataclass
from typing import ClassVar

from ingestion.domain.einvoice.mapping import EInvoiceDifference
from ingestion.domain.einvoice.model import EInvoice, EInvoiceProfile
from ingestion.domain.einvoice.official_rules import OfficialRuleSet, RuleFlag, RuleReport
from ingestion.domain.einvoice.rules import BrokenSum, broken_sums, has_comparable_totals, missing_terms, unlisted_codes
from ingestion.domain.normalize.money import format_like
from ingestion.domain.schemas.fields import FieldKind
from quality.domain.checks.check import Check
from quality.domain.currencies import CURRENCIES
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier
from quality.domain.vocabulary import format_as_printed, title_of

ORDER = 110

_TERM_TEXTS = (
    "BT-1 The invoice number | BT-2 The invoice date | BT-3 The type | BT-5 The currency | BT-9 The due date | "
    "BT-24 The profile | BT-27 The seller's name | BT-40 The seller's country | BT-44 The buyer's name | "
    "BT-55 The buyer's country | BT-72 The delivery date | BT-92 An allowance | BT-99 A charge | "
    "BT-106 The sum of the lines | BT-107 The sum of the allowances | BT-108 The sum of the charges | "
    "BT-109 The net total | BT-110 The tax total | BT-112 The total | BT-113 The amount paid before | "
    "BT-114 The rounding | BT-115 The amount due | BT-116 A tax basis | BT-117 A tax amount | "
    "BT-118 A tax category | BT-119 A tax rate | BT-129 A line's quantity | BT-131 A line's net amount | "
    "BT-146 A line's price | BT-151 A line's tax category | BT-152 A line's tax rate | BG-25 Every line"
)
TERMS = dict(text.split(" ", 1) for text in _TERM_TEXTS.split(" | "))
_TERM_PAIRS = (
    "BT-1=invoice_number BT-2=invoice_date BT-5=currency BT-9=due_date BT-27=supplier BT-44=customer "
    "BT-109=net_total BT-110=tax_total BT-112=total"
)
TERM_FIELDS = dict(pair.split("=") for pair in _TERM_PAIRS.split())
_FAULTS = {
    "malformed": "it is not well-formed XML",
    "forbidden": "it declares a document type or an entity, which is not allowed",
    "no_invoice": "it is XML, but not an e-invoice",
}
_SHOWN = 20
_NOT_IN_EXTENDED = "BR-CO-17"
_ACCOUNT_FIELDS = ("iban",)  # besides amounts: the account that is paid


@dataclass(frozen=True)
class EInvoiceReadable(Check):
    """The embedded XML is an e-invoice of a known profile, and every value in it can be read."""

    id: ClassVar[str] = "einvoice_readable"
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.MAJOR
    message: ClassVar[str] = "The e-invoice cannot be relied on: %(fault)s"
    recommendation: ClassVar[str] = "Take every value from the page, or ask the sender for a valid e-invoice."

    def applies_to(self, facts: FactSet) -> bool:
        """Apply if there is an e-invoice, readable or not."""
        return facts.einvoice is not None or bool(facts.einvoice_fault)

    def run(self, facts: FactSet) -> Outcome:
        """Report faults of the XML itself."""
        if facts.einvoice is None:
            if facts.einvoice_fault not in _FAULTS:
                return Outcome.unknown("the XML is larger than allowed")
            return Outcome.failed(Evidence(values={"fault": _FAULTS[facts.einvoice_fault]}))
        found = [_unreadable(term) for term in facts.einvoice.unreadable[:_SHOWN]]
        if facts.einvoice.profile is EInvoiceProfile.UNKNOWN:
            fault = f"its profile is not known ({facts.einvoice.guideline[:80] or 'none is named'})"
            found.append(Evidence(values={"fault": fault}))
        return Outcome.failed(*found) if found else Outcome.passed()


def _unreadable(term: str) -> Evidence:
    fault = f"{TERMS.get(term, term)} ({term}) is not a valid value"
    return Evidence(field=TERM_FIELDS.get(term), values={"fault": fault})


class _ReadableXmlCheck(Check):
    """Base class of checks on readable XML."""

    tier: ClassVar[Tier] = Tier.DOMAIN

    def applies_to(self, facts: FactSet) -> bool:
        """Apply if the XML could be read."""
        return facts.einvoice is not None

    def run(self, facts: FactSet) -> Outcome:
        """Check the invoice in the XML."""
        if facts.einvoice is None:
            return Outcome.not_applicable()
        return self.check_invoice(facts.einvoice, facts)

    def check_invoice(self, invoice: EInvoice, facts: FactSet) -> Outcome:
        """Check this invoice."""
        raise NotImplementedError


@dataclass(frozen=True)
class EInvoiceSums(_ReadableXmlCheck):
    """The XML's amounts add up as EN 16931 requires (BR-CO-10 to BR-CO-17)."""

    id: ClassVar[str] = "einvoice_sums"
    dimension: ClassVar[Dimension] = Dimension.CONTENT
    severity: ClassVar[Severity] = Severity.MAJOR
    message: ClassVar[str] = (
        "%(title)s of the e-invoice is %(stated)s, but its other amounts make it %(wanted)s (%(rule)s)"
    )
    recommendation: ClassVar[str] = "Compare the amounts with the page; the sender has to send a correct e-invoice."

    def check_invoice(self, invoice: EInvoice, facts: FactSet) -> Outcome:
        """Report each sum that is wrong."""
        if not has_comparable_totals(invoice):
            return Outcome.unknown("net total or total is missing")
        style = _style_of(facts)
        found = [
            Evidence(
                field=TERM_FIELDS.get(broken.term),
                text=f"{broken.stated:f}",
                values={
                    "title": TERMS[broken.term],
                    "stated": format_like(broken.stated, style),
                    "wanted": format_like(broken.expected, style),
                    "rule": broken.rule,
                },
            )
            for broken in wrong_sums(invoice, facts.einvoice_report)[:_SHOWN]
        ]
        return Outcome.failed(*found) if found else Outcome.passed()


def wrong_sums(invoice: EInvoice, report: RuleReport | None) -> tuple[BrokenSum, ...]:
    """Return the wrong sums; those of the profile EXTENDED only if its own rules find them wrong too.

    They allow a cent for each amount that is added, and add amounts that EN 16931 does not know.
    """
    found = broken_sums(invoice)
    if report is None or report.rule_set is not OfficialRuleSet.EXTENDED:
        return found
    confirmed = {each.base_rule for each in report.flagged(RuleFlag.FATAL)} | {_NOT_IN_EXTENDED}
    return tuple(each for each in found if each.rule in confirmed)


def _style_of(facts: FactSet) -> str:
    """Return the longest amount as printed on the page, as the style for formatting others."""
    amounts = facts.of_kind(FieldKind.MONEY)
    printed = [found.value for found in amounts if found.bbox]
    printed += [other.value for found in amounts for other in found.alternatives]
    return max(printed, key=len, default="")


@dataclass(frozen=True)
class EInvoiceComplete(_ReadableXmlCheck):
    """The XML contains all terms that its profile requires (BR-1 to BR-16)."""

    id: ClassVar[str] = "einvoice_complete"
    dimension: ClassVar[Dimension] = Dimension.COMPLIANCE
    severity: ClassVar[Severity] = Severity.MAJOR
    message: ClassVar[str] = "%(title)s is missing in the e-invoice (%(rule)s)"
    recommendation: ClassVar[str] = "Take the value from the page; the sender's e-invoice is not complete."

    def check_invoice(self, invoice: EInvoice, facts: FactSet) -> Outcome:
        """Report each mandatory term that is missing."""
        if invoice.profile is EInvoiceProfile.UNKNOWN:
            return Outcome.unknown("the required values of this profile are not known")
        found = [
            Evidence(field=TERM_FIELDS.get(lack.term), values={"title": TERMS[lack.term], "rule": lack.rule})
            for lack in missing_terms(invoice)
        ]
        return Outcome.failed(*found) if found else Outcome.passed()


@dataclass(frozen=True)
class EInvoiceCodes(_ReadableXmlCheck):
    """Type, currency, countries and tax categories are valid codes of their lists."""

    id: ClassVar[str] = "einvoice_codes"
    dimension: ClassVar[Dimension] = Dimension.COMPLIANCE
    severity: ClassVar[Severity] = Severity.MINOR
    message: ClassVar[str] = "%(title)s of the e-invoice is not in its code list (%(code)s, %(term)s)"
    recommendation: ClassVar[str] = "Compare it with the page."

    def check_invoice(self, invoice: EInvoice, facts: FactSet) -> Outcome:
        """Report each code that is not in its list."""
        if not (invoice.type_code or invoice.currency):
            return Outcome.unknown("the XML gives no code")
        found = [
            Evidence(
                field=TERM_FIELDS.get(wrong.term),
                text=wrong.code,
                values={"title": TERMS[wrong.term], "code": wrong.code[:40], "term": wrong.term},
            )
            for wrong in unlisted_codes(invoice, CURRENCIES)[:_SHOWN]
        ]
        return Outcome.failed(*found) if found else Outcome.passed()


@dataclass(frozen=True)
class EInvoiceDiffers(_ReadableXmlCheck):
    """The page agrees with the XML, so that a person paying by the page pays the same as a program."""

    id: ClassVar[str] = "einvoice_differs"
    dimension: ClassVar[Dimension] = Dimension.CONTENT
    severity: ClassVar[Severity] = Severity.MAJOR
    message: ClassVar[str] = "%(title)s is %(xml)s in the e-invoice, but %(printed)s on the page"
    recommendation: ClassVar[str] = (
        "The e-invoice takes precedence. Ask the sender which is right before anything is paid or booked."
    )

    def check_invoice(self, invoice: EInvoice, facts: FactSet) -> Outcome:
        """Report each field that differs; the score is the share that agrees."""
        beside = facts.comparison
        if beside is None or not beside.compared:
            return Outcome.unknown("nothing on the page could be compared")
        if not beside.differences:
            return Outcome.passed()
        score = 1 - len(beside.differences) / len(beside.compared)
        return Outcome.failed(*(_difference(facts, each) for each in beside.differences), score=score)


def _difference(facts: FactSet, found: EInvoiceDifference) -> Evidence:
    title = title_of(facts, found.field)
    return Evidence(
        field=found.field,
        page=found.page,
        bbox=found.bbox,
        text=found.text,
        values={
            "title": title,
            "xml": format_as_printed(facts, found.field, found.xml_value, found.text),
            "printed": format_as_printed(facts, found.field, found.page_value, found.text),
        },
        severity=_weight(facts, found.field),
    )


def _weight(facts: FactSet, field: str) -> Severity | None:
    """Return the severity: high for amounts and accounts; names may differ as brand and company."""
    spec = facts.spec(field)
    if field in _ACCOUNT_FIELDS or (spec and spec.kind == FieldKind.MONEY):
        return Severity.CRITICAL
    return Severity.MINOR if spec and spec.kind == FieldKind.PARTY else None
