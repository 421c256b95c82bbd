"""Violations of the official rules (Schematron) of EN 16931 and of the profiles of Factur-X."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from ingestion.domain.einvoice.model import EInvoice, EInvoiceProfile, EInvoiceSyntax

MAX_VIOLATIONS = 200
_MAX_TEXT, _MAX_PLACE = 400, 300
_ID = re.compile(r"^\s*\[([A-Za-z0-9-]{2,40})\]\s*[-:.]?\s*")
_STEP = re.compile(r"\*:(\w[\w.-]*)\[namespace-uri\(\)='[^']*'\]")
_FIRST_OF_KIND = re.compile(r"\[1\](?=/|$)")
_PREFIX = re.compile(r"(?<=/)[\w.-]+:(?=\w)")
_OWN_IDENTIFIER = "/GuidelineSpecifiedDocumentContextParameter/ID"
_REQUIRED_ELEMENT = "/ApplicableHeaderTradeDelivery"


class OfficialRuleSet(StrEnum):
    """Set of official rules: one for each profile of Factur-X, and CEN's for UBL."""

    MINIMUM = "minimum"
    BASIC_WL = "basic_wl"
    BASIC = "basic"
    EN16931 = "en16931"
    EXTENDED = "extended"
    UBL = "ubl"


class RuleFlag(StrEnum):
    """What the standard calls a violation: an invalid invoice, a warning, or an element that the profile ignores."""

    FATAL = "fatal"
    WARNING = "warning"
    UNUSED = "unused"


@dataclass(frozen=True, slots=True)
class RuleViolation:
    """Violated rule: its id ("" if it has none), its text in English, and the path of an element in the XML."""

    rule: str
    text: str
    flag: RuleFlag
    place: str

    @property
    def base_rule(self) -> str:
        """Rule of EN 16931 that this one is or replaces: BR-CO-15 for BR-FXEXT-CO-15 of the profile EXTENDED."""
        return self.rule.replace("-FXEXT-", "-", 1)


@dataclass(frozen=True, slots=True)
class RuleReport:
    """Result of checking an e-invoice by `rule_set`; `version` names the package that carries the rules."""

    rule_set: OfficialRuleSet
    version: str
    violations: tuple[RuleViolation, ...] = ()

    def flagged(self, flag: RuleFlag) -> tuple[RuleViolation, ...]:
        """Return the violations with this flag."""
        return tuple(each for each in self.violations if each.flag is flag)


@dataclass(frozen=True, slots=True)
class RawFinding:
    """Finding in the Schematron's own words: `passed_report` tells a `report` from a failed `assert`."""

    rule: str
    flag: str
    location: str
    text: str
    passed_report: bool = False


def rule_set_of(invoice: EInvoice) -> OfficialRuleSet | None:
    """Return the rules that an invoice claims to follow; None for ZUGFeRD 1 and for unknown profiles.

    National rules (XRechnung) are stricter than EN 16931: their invoices keep its rules as well.
    """
    if invoice.syntax is EInvoiceSyntax.ZUGFERD1 or invoice.profile is EInvoiceProfile.UNKNOWN:
        return None
    if invoice.syntax is not EInvoiceSyntax.CII:
        return OfficialRuleSet.UBL
    national = invoice.profile is EInvoiceProfile.XRECHNUNG
    return OfficialRuleSet.EN16931 if national else OfficialRuleSet(invoice.profile.value)


def read_findings(findings: Iterable[RawFinding]) -> tuple[RuleViolation, ...]:
    """Return the violations without duplicates, in the order of the rules, at most MAX_VIOLATIONS of them.

    An unused element is one violation, wherever it occurs. Two findings are left out. Factur-X lists only its own
    specification identifiers (BT-24), but the rules were chosen by it. The schema requires the delivery's element,
    which may be empty, and a rule warns of every empty element.
    """
    return tuple(dict.fromkeys(_distinct(findings)))[:MAX_VIOLATIONS]


def _distinct(findings: Iterable[RawFinding]) -> Iterator[RuleViolation]:
    seen: set[str] = set()
    for found in findings:
        violation = _violation(found)
        repeated = violation.flag is RuleFlag.UNUSED and violation.text in seen
        if not repeated and not _is_excepted(violation):
            seen.add(violation.text)
            yield violation


def _is_excepted(violation: RuleViolation) -> bool:
    if violation.place.endswith(_OWN_IDENTIFIER):
        return not violation.rule.startswith("BR-")
    return violation.place.endswith(_REQUIRED_ELEMENT) and violation.flag is RuleFlag.WARNING


def _violation(found: RawFinding) -> RuleViolation:
    text = " ".join(found.text.split())
    named = _ID.match(text)
    rule = named[1] if named else found.rule[:40]
    plain = text[named.end() :] if named else text
    return RuleViolation(rule, plain[:_MAX_TEXT], _flag(found), short_place(found.location))


def _flag(found: RawFinding) -> RuleFlag:
    if found.passed_report:
        return RuleFlag.UNUSED
    return RuleFlag.WARNING if found.flag in ("warning", "information") else RuleFlag.FATAL


def short_place(location: str) -> str:
    """Return a Schematron location without namespaces and without the number of a first element."""
    plain = _PREFIX.sub("", _STEP.sub(r"\1", location))
    return _FIRST_OF_KIND.sub("", plain)[:_MAX_PLACE]
