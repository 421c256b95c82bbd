"""Approve, review, reject by risk and certificate; approval requires every condition."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ingestion.domain.schemas.fields import ExtractedField, FieldKind, FieldSpec, SchemaSpec
from quality.domain.certificate import CertificateState, PromiseCertificate
from quality.domain.checks.catalog import standard_registry
from quality.domain.checks.examples.builders import BILL, INVOICE, document, page
from quality.domain.checks.runner import find_issues
from quality.domain.facts import FactSet
from quality.domain.outcomes import DetectedIssue, Dimension, Severity, Tier
from quality.domain.routing import (
    Decision,
    DocumentRisk,
    Route,
    RoutingPolicy,
    decide,
    document_risk,
    selected_for_audit,
)
from quality.domain.scoring import QualityScore, score_document

POLICY = RoutingPolicy(versions=frozenset({"engine/3", "model/7"}))
CERTIFICATE = PromiseCertificate(
    0.01, 0.95, 0.02, 400, 0, 0.0075, datetime(2025, 6, 1, tzinfo=UTC), frozenset({"engine/3", "model/7"})
)
SAFE = DocumentRisk(0.004)
PERFECT = QualityScore(100.0, dict.fromkeys(Dimension, 100.0), 1.0, 99.0)


def _issue(severity: Severity) -> DetectedIssue:
    return DetectedIssue("some_check", severity, Dimension.CONTENT, Tier.DOMAIN, "Something is off", "Look at it")


def _decide(
    facts: FactSet | None = None,
    score: QualityScore = PERFECT,
    issues: tuple[DetectedIssue, ...] = (),
    risk: DocumentRisk = SAFE,
    policy: RoutingPolicy = POLICY,
    certificate: PromiseCertificate | None = CERTIFICATE,
) -> Decision:
    return decide(facts or document(), score, issues, risk, policy, certificate)


def test_route_certified_document_without_doubt_is_approved() -> None:
    decision = _decide()
    assert decision.outcome is Route.APPROVE
    assert decision.p_error == SAFE.p_error
    assert "1%" in decision.reasons[0].text


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("no_certificate", {"certificate": None}),
        ("certificate", {"certificate": replace(CERTIFICATE, state=CertificateState.SUSPENDED)}),
        ("certificate", {"policy": replace(POLICY, versions=frozenset({"engine/4", "model/7"}))}),
        ("risk", {"risk": DocumentRisk(0.021)}),
        ("always_review", {"policy": replace(POLICY, auto_approve=False)}),
        ("partial", {"facts": document(total_pages=2)}),
        ("no_schema", {"facts": document(schema=None)}),
        ("check_broke", {"score": replace(PERFECT, failed_checks=("totals_add_up",))}),
        ("coverage", {"score": replace(PERFECT, coverage=0.3)}),
        ("some_check", {"issues": (_issue(Severity.MAJOR),)}),
        ("some_check", {"issues": (_issue(Severity.CRITICAL),)}),
    ],
)
def test_route_any_doubt_sends_to_review(code: str, change: dict[str, object]) -> None:
    decision = _decide(**change)  # type: ignore[arg-type]
    assert decision.outcome is Route.REVIEW
    assert code in {reason.code for reason in decision.reasons}


def test_route_minor_issues_do_not_stop_approval() -> None:
    assert _decide(issues=(_issue(Severity.MINOR), _issue(Severity.INFO))).outcome is Route.APPROVE


def test_route_blocker_rejects_unless_tenant_wants_review() -> None:
    assert _decide(issues=(_issue(Severity.BLOCKER),)).outcome is Route.REJECT
    seen = _decide(issues=(_issue(Severity.BLOCKER),), policy=replace(POLICY, reject_blockers=False))
    assert seen.outcome is Route.REVIEW


@pytest.mark.parametrize("overall", [0.0, 50.0, 100.0])
def test_route_ignores_overall_score(overall: float) -> None:
    assert _decide(score=replace(PERFECT, overall=overall)).outcome is Route.APPROVE
    assert _decide(score=replace(PERFECT, overall=overall), certificate=None).outcome is Route.REVIEW


@pytest.mark.parametrize(("confidence", "route"), [(0.95, Route.APPROVE), (0.69, Route.REVIEW), (0.39, Route.REJECT)])
def test_route_applies_tenant_reading_limits(confidence: float, route: Route) -> None:
    facts = document(pages=[page(confidence=confidence)])
    findings = find_issues(facts, standard_registry())
    score = score_document(facts, findings.results)
    assert _decide(facts, score, findings.issues).outcome is route


def test_document_risk_combines_material_fields_only() -> None:
    specs = (
        FieldSpec("total", "Total", FieldKind.MONEY, required=True),
        FieldSpec("note", "Note", FieldKind.TEXT, material=False),
        FieldSpec("iban", "IBAN", FieldKind.IDENTIFIER),
    )
    schema = SchemaSpec("s", "S", specs)
    fields = (ExtractedField("total", "1.00", "1.00", 0.9), ExtractedField("note", "x", "x", 0.1))
    risk = document_risk(fields, schema)
    assert risk.p_error == pytest.approx(0.1)
    assert risk.fields["note"] == pytest.approx(0.9)
    two = document_risk((*fields, ExtractedField("iban", "X", "X", 0.8)), schema)
    assert two.p_error == pytest.approx(1 - 0.9 * 0.8)
    absent = ExtractedField("iban", "", "", 0.7)
    assert document_risk((*fields, absent), schema).p_error == pytest.approx(1 - 0.9 * 0.7)
    hinted, bare = (replace(absent, features={"suggested": value}) for value in (1.0, 0.0))
    assert document_risk((*fields, hinted), schema).p_error == pytest.approx(1 - 0.9 * 0.7)
    assert document_risk((*fields, bare), schema) == replace(risk, fields={**risk.fields, "iban": 0.0})
    read = replace(bare, value="X", normalized="X")
    assert document_risk((*fields, read), schema).p_error == pytest.approx(1 - 0.9 * 0.7)
    assert document_risk((), schema).p_error == 1.0  # the required field is missing
    nothing = ExtractedField("total", "", "", 0.9, features={"suggested": 0.0})
    assert document_risk((nothing,), schema).p_error == 1.0


def test_document_risk_grows_with_every_doubtful_field() -> None:
    fields = [ExtractedField(name, value, value, 0.95) for name, value in BILL.items()]
    sure = document_risk(fields, INVOICE).p_error
    for at, found in enumerate(fields):
        doubtful = [*fields[:at], replace(found, confidence=0.5), *fields[at + 1 :]]
        assert document_risk(doubtful, INVOICE).p_error > sure


def test_audit_sample_is_deterministic_and_depends_on_secret() -> None:
    ids = [f"document-{number}" for number in range(5000)]
    picked = [selected_for_audit(each, b"secret", 0.05) for each in ids]
    assert picked == [selected_for_audit(each, b"secret", 0.05) for each in ids]
    assert picked != [selected_for_audit(each, b"another", 0.05) for each in ids]
    assert 180 < sum(picked) < 320
    assert not any(selected_for_audit(each, b"secret", 0.0) for each in ids)
    assert all(selected_for_audit(each, b"secret", 1.0) for each in ids)
