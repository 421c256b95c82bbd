"""Configuration of assessments: checks, rules, code tables, policy. Workers build it once."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from quality.domain.checks.catalog import standard_registry
from quality.domain.checks.registry import CheckRegistry
from quality.domain.reference import CodeTable
from quality.domain.routing import RoutingPolicy
from quality.domain.scoring import RuleSet

READER_VERSION = "reader 2"
"""Raised by hand when a change of reading alters the meaning of confidences, which voids certificates."""


@dataclass(frozen=True, slots=True)
class AssessmentConfig:
    """Assessment configuration: `codes` loads the code table on first use; `audit_secret` keys the audit selection."""

    codes: Callable[[], CodeTable | None]
    audit_secret: bytes = field(repr=False)
    registry: CheckRegistry = field(default_factory=standard_registry)
    rules: RuleSet = field(default_factory=RuleSet)
    policy: RoutingPolicy = field(default_factory=RoutingPolicy)

    def policy_for_model(self, model_version: str) -> RoutingPolicy:
        """Return the policy with the versions now in use."""
        return replace(self.policy, versions=self.versions(model_version))

    def versions(self, model_version: str) -> frozenset[str]:
        """Return the versions that a certificate depends on."""
        return frozenset({READER_VERSION, f"rules {self.rules.version}", model_version})
