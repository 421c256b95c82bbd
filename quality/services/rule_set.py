"""What judging needs besides the document: checks, rules, code tables, policy. Workers put it together once."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from quality.domain.checks.catalog import standard_registry
from quality.domain.checks.registry import Registry
from quality.domain.reference import CodeTable
from quality.domain.routing import RoutingPolicy
from quality.domain.scoring import RuleSet

READER = "reader 2"
"""Raised by hand when reading changes so that confidences mean something else: certificates end with it."""


@dataclass(frozen=True, slots=True)
class Engine:
    """`codes` loads the code table on first use; `audit_secret` keys the draw of blind audits."""

    codes: Callable[[], CodeTable | None]
    audit_secret: bytes = field(repr=False)
    registry: Registry = field(default_factory=standard_registry)
    rules: RuleSet = field(default_factory=RuleSet)
    policy: RoutingPolicy = field(default_factory=RoutingPolicy)

    def policy_with(self, model_version: str) -> RoutingPolicy:
        """The policy, under the versions now in use."""
        return replace(self.policy, versions=self.versions(model_version))

    def versions(self, model_version: str) -> frozenset[str]:
        """Name everything that a certificate rests on."""
        return frozenset({READER, f"rules {self.rules.version}", model_version})
