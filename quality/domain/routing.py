"""Routing to approval, review or rejection: by risk and certificate, never by the 0..100 score.

The tenant's limits on reading confidence are the one exception; they arrive here as issues like any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b

from ingestion.domain.schemas.fields import ExtractedField, SchemaSpec
from quality.domain.certificate import PromiseCertificate
from quality.domain.facts import FactSet
from quality.domain.outcomes import DetectedIssue, Severity
from quality.domain.scoring import QualityScore
from quality.domain.zone_evidence import missing_fields

SUGGESTED = "suggested"  # a feature of the reader, see ingestion.domain.extraction.suggestions


class Route(StrEnum):
    """Route of a document."""

    APPROVE = "approve"
    REVIEW = "review"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Reason:
    """Reason of a decision: `code` is stable, `text` is for people."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class DocumentRisk:
    """P(a material value is wrong), 0..1, with each field's own share."""

    p_error: float
    fields: Mapping[str, float] = field(default_factory=dict)
    model_version: str = ""


@dataclass(frozen=True, slots=True)
class RoutingPolicy:
    """Routing settings of a tenant. `versions` names the reader, engine, model and rules now in use.

    `reject_blockers` False sends blockers to a person instead; `coverage_from` is the least coverage at which
    a document may be approved without one.
    """

    versions: frozenset[str] = frozenset()
    auto_approve: bool = True
    reject_blockers: bool = True
    coverage_from: float = 0.6
    audit_share: float = 0.05


@dataclass(frozen=True, slots=True)
class Decision:
    """Routing decision with reasons, most severe first; `p_error` is the risk that it was based on."""

    outcome: Route
    reasons: tuple[Reason, ...]
    p_error: float


def document_risk(fields: Sequence[ExtractedField], schema: SchemaSpec | None, model_version: str = "") -> DocumentRisk:
    """Combine the fields' risks as if independent: P(at least one material field is wrong).

    A required field that was not found counts as wrong. An optional one counts by its confidence, the probability
    that the document has none, if the pages suggest a value. Otherwise it does not count: every document lacks some
    fields of its schema, which does not distinguish documents. The formula is a model, not a promise: the
    certificate's threshold is set on labelled documents, missed fields among their errors, and holds independently
    of this formula.
    """
    specs = {spec.name: spec for spec in schema.fields} if schema else {}
    risks = {found.name: _field_risk(found) for found in fields}
    risks |= dict.fromkeys(missing_fields(fields, schema), 1.0)
    right = 1.0
    for name, risk in risks.items():
        if name not in specs or specs[name].material:
            right *= 1.0 - risk
    return DocumentRisk(1.0 - right, risks, model_version)


def _field_risk(found: ExtractedField) -> float:
    if not found.value and found.features.get(SUGGESTED, 1.0) == 0.0:
        return 0.0
    return min(1.0, max(0.0, 1.0 - found.confidence))


def decide(
    facts: FactSet,
    score: QualityScore,
    issues: Sequence[DetectedIssue],
    risk: DocumentRisk,
    policy: RoutingPolicy,
    certificate: PromiseCertificate | None = None,
) -> Decision:
    """Decide on the route of a document. Pure; the module docstring says which inputs count."""
    blockers = [issue for issue in issues if issue.severity is Severity.BLOCKER]
    if blockers and policy.reject_blockers:
        return Decision(Route.REJECT, _reasons_of(blockers), risk.p_error)
    doubts = (
        *_reasons_of([issue for issue in issues if issue.severity.rank >= Severity.MAJOR.rank]),
        *_incomplete(facts, score, policy),
        *_uncertified(risk, policy, certificate),
    )
    if doubts:
        return Decision(Route.REVIEW, doubts, risk.p_error)
    return Decision(Route.APPROVE, (Reason("certified", _promise(certificate)),), risk.p_error)


def _reasons_of(issues: Sequence[DetectedIssue]) -> tuple[Reason, ...]:
    ordered = sorted(issues, key=lambda issue: -issue.severity.rank)
    return tuple(dict.fromkeys(Reason(issue.code, issue.message) for issue in ordered))


def _incomplete(facts: FactSet, score: QualityScore, policy: RoutingPolicy) -> tuple[Reason, ...]:
    reasons = []
    if facts.partial:
        reasons.append(Reason("partial", f"{facts.pages_failed} of its pages could not be read"))
    if facts.schema is None:
        reasons.append(Reason("no_schema", "The kind of document is not known"))
    if score.failed_checks:
        reasons.append(Reason("check_broke", f"These checks could not finish: {', '.join(score.failed_checks)}"))
    if score.coverage < policy.coverage_from:
        reasons.append(Reason("coverage", f"Only {score.coverage:.0%} of the checks could run"))
    return tuple(reasons)


def _uncertified(
    risk: DocumentRisk, policy: RoutingPolicy, certificate: PromiseCertificate | None
) -> tuple[Reason, ...]:
    if not policy.auto_approve:
        return (Reason("always_review", "Every document of this kind is reviewed"),)
    if certificate is None:
        return (Reason("no_certificate", "No error rate has been proven yet, so a person reviews it"),)
    refusal = certificate.refusal(policy.versions)
    if refusal:
        return (Reason("certificate", refusal),)
    if risk.p_error > certificate.threshold:
        text = f"The chance of an error, {risk.p_error:.1%}, is above the proven limit"
        return (Reason("risk", text),)
    return ()


def _promise(certificate: PromiseCertificate | None) -> str:
    share = certificate.promise if certificate else 0.0
    return f"Within a proven limit: at most {share:.0%} of such documents contain an error"


def selected_for_audit(document_id: str, secret: bytes, share: float) -> bool:
    """Return whether an approved document is selected for a blind audit, by a keyed, unpredictable hash.

    The result is the same for every call, so a retried activity opens no second audit.
    """
    digest = blake2b(document_id.encode(), key=secret[:64], digest_size=8).digest()
    return int.from_bytes(digest, "big") < share * 2**64
