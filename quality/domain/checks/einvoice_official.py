"""Checks of e-invoices by the official rules: CEN's and Factur-X's Schematron, as reported when the XML was read."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from ingestion.domain.einvoice.official_rules import RuleFlag, RuleReport, RuleViolation, rule_set_of
from ingestion.domain.einvoice.rules import missing_terms, unlisted_codes
from quality.domain.checks.check import Check
from quality.domain.checks.einvoice_rules import TERM_FIELDS, wrong_sums
from quality.domain.currencies import CURRENCIES
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier

ORDER = 111

_SHOWN = 20
_TERM = re.compile(r"\bBT-\d+\b")
_NUMBER = re.compile(r"\[\d+\]")
_FORMAL = ("BR-CL-", "BR-DEC-", "CII-", "UBL-", "PEPPOL-")
_CODE_TEXT = "Value of "
_AMOUNT_CURRENCY = "BR-CL-03"
_PLACES = {
    "BT-3": ("/ExchangedDocument/TypeCode", "/InvoiceTypeCode", "/CreditNoteTypeCode"),
    "BT-5": ("/InvoiceCurrencyCode", "/DocumentCurrencyCode"),
    "BT-40": ("/SellerTradeParty/PostalTradeAddress/CountryID",),
    "BT-55": ("/BuyerTradeParty/PostalTradeAddress/CountryID",),
    "BT-118": ("/ApplicableHeaderTradeSettlement/ApplicableTradeTax/CategoryCode",),
    "BT-151": ("/SpecifiedLineTradeSettlement/ApplicableTradeTax/CategoryCode",),
}


class _OfficialCheck(Check):
    """Base class of checks on the report of the official rules."""

    failed_score: ClassVar[float] = 0.0
    tier: ClassVar[Tier] = Tier.DOMAIN
    dimension: ClassVar[Dimension] = Dimension.COMPLIANCE

    def applies_to(self, facts: FactSet) -> bool:
        """Apply to e-invoices that claim to follow official rules: not to ZUGFeRD 1."""
        return facts.einvoice is not None and rule_set_of(facts.einvoice) is not None

    def run(self, facts: FactSet) -> Outcome:
        """Report each violated rule once, with its first place."""
        if facts.einvoice_report is None:
            return Outcome.unknown("the official rules were not run when this e-invoice was read")
        found = [_evidence(each) for each in _by_rule(self.violations(facts.einvoice_report, facts))]
        return Outcome.failed(*found[:_SHOWN], score=self.failed_score) if found else Outcome.passed()

    def violations(self, report: RuleReport, facts: FactSet) -> Iterable[RuleViolation]:
        """Return the violations that this check reports."""
        raise NotImplementedError


@dataclass(frozen=True)
class EInvoiceRules(_OfficialCheck):
    """The XML keeps the official rules of EN 16931 and its profile that the checks of sums, terms and codes leave."""

    id: ClassVar[str] = "einvoice_rules"
    severity: ClassVar[Severity] = Severity.MAJOR
    message: ClassVar[str] = "The e-invoice breaks a rule of its standard: %(text)s (%(rule)s, %(flag)s, %(place)s)"
    recommendation: ClassVar[str] = "Take the values from the page; the sender has to send a valid e-invoice."

    def violations(self, report: RuleReport, facts: FactSet) -> Iterable[RuleViolation]:
        """Return the fatal violations that no other check reports with its values."""
        rules, terms = _reported(facts)
        return (
            each
            for each in report.flagged(RuleFlag.FATAL)
            if each.base_rule not in rules and not (_is_code(each) and _code_term(each) in terms)
        )


@dataclass(frozen=True)
class EInvoiceWarnings(_OfficialCheck):
    """The official rules give no warning about the XML."""

    id: ClassVar[str] = "einvoice_warnings"
    severity: ClassVar[Severity] = Severity.INFO
    failed_score: ClassVar[float] = 1.0
    message: ClassVar[str] = "The rules of the e-invoice's standard warn: %(text)s (%(rule)s, %(flag)s, %(place)s)"
    recommendation: ClassVar[str] = "The e-invoice is valid; tell the sender if it often happens."

    def violations(self, report: RuleReport, facts: FactSet) -> Iterable[RuleViolation]:
        """Return the warnings."""
        return report.flagged(RuleFlag.WARNING)


def _reported(facts: FactSet) -> tuple[frozenset[str], frozenset[str]]:
    """Return the rules and the codes' terms that other checks report, rules as the Schematron writes them (BR-02)."""
    invoice = facts.einvoice
    if invoice is None:
        return frozenset(), frozenset()
    sums = wrong_sums(invoice, facts.einvoice_report)
    rules = [*(each.rule for each in sums), *(each.rule for each in missing_terms(invoice))]
    codes = unlisted_codes(invoice, CURRENCIES)
    return frozenset(official_id(rule) for rule in rules), frozenset(each.term for each in codes)


def official_id(rule: str) -> str:
    """Return a rule's id with two digits, as the Schematron writes it: BR-2 is BR-02, BR-CO-15 unchanged."""
    head, _, number = rule.rpartition("-")
    return f"{head}-{number.zfill(2)}"


def _is_code(violation: RuleViolation) -> bool:
    return violation.rule.startswith("BR-CL-") or violation.text.startswith(_CODE_TEXT)


def _code_term(violation: RuleViolation) -> str:
    """Return the term of the element that has the code, "" for others; each amount repeats the currency (BT-5)."""
    if violation.rule == _AMOUNT_CURRENCY or "'@currencyID'" in violation.text:
        return "BT-5"
    plain = _NUMBER.sub("", violation.place)
    return next((term for term, ends in _PLACES.items() if plain.endswith(ends)), "")


def _by_rule(violations: Iterable[RuleViolation]) -> Iterator[tuple[RuleViolation, int]]:
    """Yield the first violation of each rule with the number of its places."""
    found: dict[tuple[str, str], list[RuleViolation]] = {}
    for each in violations:
        found.setdefault((each.rule, each.text), []).append(each)
    yield from ((group[0], len(group)) for group in found.values())


def _evidence(found: tuple[RuleViolation, int]) -> Evidence:
    violation, count = found
    more = f" and {count - 1} more" if count > 1 else ""
    return Evidence(
        field=_field(violation),
        values={
            "rule": violation.rule or "-",
            "text": violation.text.rstrip("."),
            "flag": violation.flag.value,
            "place": violation.place + more,
        },
        severity=Severity.MINOR if _is_formal(violation) else None,
    )


def _is_formal(violation: RuleViolation) -> bool:
    """Return whether a fatal violation concerns codes, decimals or syntax, not what is owed to whom."""
    formal = violation.rule.startswith(_FORMAL) or violation.text.startswith(_CODE_TEXT)
    return formal and violation.flag is RuleFlag.FATAL


def _field(violation: RuleViolation) -> str | None:
    """Return the field of the first term that the rule names, else of the element's term."""
    terms = [*_TERM.findall(violation.text), _code_term(violation)]
    return next((TERM_FIELDS[term] for term in terms if term in TERM_FIELDS), None)
