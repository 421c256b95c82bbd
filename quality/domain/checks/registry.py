"""Registry of checks: a check is accepted only with an example of each verdict that it can return."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from quality.domain.checks.check import Check
from quality.domain.facts import FactSet
from quality.domain.outcomes import Verdict


class RegistryError(ValueError):
    """The check cannot be registered."""


@dataclass(frozen=True, slots=True)
class CheckExample:
    """Document with its expected verdict."""

    name: str
    facts: FactSet
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Examples:
    """Examples of a check: passing, failing, undecidable, and adversarial ones."""

    passing: tuple[CheckExample, ...]
    failing: tuple[CheckExample, ...]
    unknown: tuple[CheckExample, ...]
    adversarial: tuple[CheckExample, ...]

    def __iter__(self) -> Iterator[CheckExample]:
        """Iterate over all examples."""
        yield from (*self.passing, *self.failing, *self.unknown, *self.adversarial)


_REQUIRED_VERDICTS = {"passing": Verdict.PASS, "failing": Verdict.FAIL, "unknown": Verdict.UNKNOWN}


class CheckRegistry:
    """Checks by id, in the order in which they were added."""

    def __init__(self) -> None:
        """Create an empty registry."""
        self._checks: dict[str, Check] = {}
        self._examples: dict[str, Examples] = {}

    def add(self, check: Check, examples: Examples | None) -> None:
        """Register a check with its examples; raises RegistryError when an example is missing or mislabelled."""
        if check.id in self._checks:
            message = f"the check {check.id} is registered already"
            raise RegistryError(message)
        lacking = _missing_groups(examples)
        if lacking or examples is None:
            message = f"the check {check.id} needs examples that are {' and '.join(lacking)}"
            raise RegistryError(message)
        self._checks[check.id] = check
        self._examples[check.id] = examples

    def __iter__(self) -> Iterator[Check]:
        """Iterate over the checks in order."""
        return iter(self._checks.values())

    def __len__(self) -> int:
        """Return the number of checks."""
        return len(self._checks)

    def __getitem__(self, check_id: str) -> Check:
        """Return a check by id; raises KeyError."""
        return self._checks[check_id]

    def examples(self, check_id: str) -> Examples:
        """Return a check's examples; raises KeyError."""
        return self._examples[check_id]

    def with_params(self, params: Mapping[str, Mapping[str, Any]]) -> "CheckRegistry":
        """Return a registry whose checks use a tenant's parameters; raises RegistryError for an unknown one."""
        tuned = CheckRegistry()
        for check_id, check in self._checks.items():
            tuned.add(_with_check_params(check, params.get(check_id, {})), self._examples[check_id])
        return tuned


def _with_check_params(check: Check, params: Mapping[str, Any]) -> Check:
    try:
        return replace(check, **params) if params else check  # type: ignore[type-var]
    except TypeError as error:
        message = f"the check {check.id} has no such parameter: {', '.join(params)}"
        raise RegistryError(message) from error


def _missing_groups(examples: Examples | None) -> list[str]:
    """Return the groups that are empty or have an example with another verdict than the group's."""
    if examples is None:
        return [*_REQUIRED_VERDICTS, "adversarial"]
    lacking = []
    for group, verdict in _REQUIRED_VERDICTS.items():
        members: tuple[CheckExample, ...] = getattr(examples, group)
        if not members or any(example.verdict is not verdict for example in members):
            lacking.append(group)
    return lacking if examples.adversarial else [*lacking, "adversarial"]
