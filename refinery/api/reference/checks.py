"""Reference page of the checks, from their registry."""

import re
from collections.abc import Iterator
from inspect import getdoc

from quality.domain.checks.catalog import standard_registry
from quality.domain.checks.check import Check
from quality.domain.checks.runner import run_check
from quality.domain.outcomes import Tier
from refinery.api.markdown import code_list, table

INTRODUCTION = """# Checks

{count} checks, in the order in which they run within each tier. A check answers PASS, FAIL, UNKNOWN (a fact that it
needs is missing), NOT_APPLICABLE or ERROR; each finding of a FAIL becomes an issue with the check's id as its code.
A check may raise or lower its severity for one finding. Parameters are the same for all tenants so far.
[How to add a check](../howto/add-a-check.md).
"""
TITLES = {
    Tier.TRIAGE: "Triage: quality of the reading",
    Tier.DOMAIN: "Domain: contents of the document",
    Tier.CROSS_DOCUMENT: "Cross-document: comparison with other documents",
}
HEADER = ("Code", "Severity", "Dimension", "Purpose", "Message", "Recommendation", "Proposes a value", "Parameters")


def render() -> str:
    """Return the page."""
    parts = [INTRODUCTION.format(count=len(standard_registry()))]
    for tier, title in TITLES.items():
        rows = [tuple(_row(check)) for check in standard_registry() if check.tier is tier]
        parts.append(f"## {title}\n\n{table(HEADER, rows)}\n")
    return "\n".join(parts)


def _row(check: Check) -> Iterator[str]:
    yield f"`{check.id}`"
    yield check.severity
    yield check.dimension
    yield (getdoc(type(check)) or "").partition("\n")[0]
    for template in (check.message, check.recommendation):
        yield re.sub(r"%\((\w+)\)s", r"{\1}", template)
    yield "yes" if _proposes_value(check) else ""
    yield code_list(f"{name}={value}" for name, value in vars(check).items())


def _proposes_value(check: Check) -> bool:
    """Return whether any of the check's own examples ends with a value that a reviewer can accept."""
    outcomes = (run_check(check, example.facts) for example in standard_registry().examples(check.id))
    return any(check.fix(outcome) is not None for outcome in outcomes)
