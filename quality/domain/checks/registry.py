"""The register of checks: a check enters only with an example of each way it can answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from quality.domain.checks.check import Check
from quality.domain.facts import FactSet
from quality.domain.outcomes import Verdict


class RegistryError(ValueError):
    """A check that may not be registered."""


@dataclass(frozen=True, slots=True)
class Example:
    """A document and the verdict it must get."""

    name: str
    facts: FactSet
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Examples:
    """A check's proof: what passes, what fails, what cannot be judged, and what is made to fool it."""

    passing: tuple[Example, ...]
    failing: tuple[Example, ...]
    unknown: tuple[Example, ...]
    adversarial: tuple[Example, ...]

    def __iter__(self) -> Iterator[Example]:
        """Go through all of them."""
        yield from (*self.passing, *self.failing, *self.unknown, *self.adversarial)


_WANTED = {"passing": Verdict.PASS, "failing": Verdict.FAIL, "unknown": Verdict.UNKNOWN}


class Registry:
    """Checks by id, in the order they were added."""

    def __init__(self) -> None:
        """Start empty."""
        self._checks: dict[str, Check] = {}
        self._examples: dict[str, Examples] = {}

    def add(self, check: Check, examples: Examples | None) -> None:
        """Register a check with its examples; raises RegistryError when an example is missing or mislabelled."""
        if check.id in self._checks:
            message = f"the check {check.id} is registered already"
            raise RegistryError(message)
        lacking = _lacking(examples)
        if lacking or examples is None:
            message = f"the check {check.id} needs examples that are {' and '.join(lacking)}"
            raise RegistryError(message)
        self._checks[check.id] = check
        self._examples[check.id] = examples

    def __iter__(self) -> Iterator[Check]:
        """Go through the checks in their order."""
        return iter(self._checks.values())

    def __len__(self) -> int:
        """Count the checks."""
        return len(self._checks)

    def __getitem__(self, check_id: str) -> Check:
        """Give a check by id; raises KeyError."""
        return self._checks[check_id]

    def examples(self, check_id: str) -> Examples:
        """Give a check's examples; raises KeyError."""
        return self._examples[check_id]

    def with_params(self, params: Mapping[str, Mapping[str, Any]]) -> "Registry":
        """Give a register whose checks run with a tenant's parameters; raises RegistryError for an unknown one."""
        tuned = Registry()
        for check_id, check in self._checks.items():
            tuned.add(_tuned(check, params.get(check_id, {})), self._examples[check_id])
        return tuned


def _tuned(check: Check, params: Mapping[str, Any]) -> Check:
    try:
        return replace(check, **params) if params else check  # type: ignore[type-var]
    except TypeError as error:
        message = f"the check {check.id} has no such parameter: {', '.join(params)}"
        raise RegistryError(message) from error


def _lacking(examples: Examples | None) -> list[str]:
    """Name the groups that are empty or whose examples promise another verdict than their group's."""
    if examples is None:
        return [*_WANTED, "adversarial"]
    lacking = []
    for group, verdict in _WANTED.items():
        members: tuple[Example, ...] = getattr(examples, group)
        if not members or any(example.verdict is not verdict for example in members):
            lacking.append(group)
    return lacking if examples.adversarial else [*lacking, "adversarial"]
