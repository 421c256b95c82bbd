"""Measure the official rules on e-invoices: agreement with our own rules, time, and memory of the child process.

    python -m benchmarks.einvoice_checks --corpus DIR

The children run without bubblewrap, so that the kernel counts their time and memory as this process's children.
"""

import argparse
import resource
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.figures import table
from ingestion.adapters.formats.einvoice.embedded import embedded_einvoice
from ingestion.adapters.formats.einvoice.schematron import OfficialRules, missing_rules, rules_version
from ingestion.domain.einvoice.model import EInvoice
from ingestion.domain.einvoice.official_rules import RuleFlag
from ingestion.domain.einvoice.rules import broken_sums, missing_terms, unlisted_codes
from quality.domain.currencies import CURRENCIES


@dataclass(slots=True)
class RuleFigures:
    """Figures of one rule set: seconds of each check, and documents by who found something wrong in them."""

    seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    found_by: Counter[str] = field(default_factory=Counter)

    def row(self, name: str) -> tuple[str, ...]:
        """Return the row of the table."""
        kinds = (self.found_by[kind] for kind in ("nobody", "both", "official", "own"))
        times = (f"{median(self.seconds):.2f}", f"{max(self.seconds):.2f}", f"{median(self.cpu_seconds):.2f}")
        return (name, str(len(self.seconds)), *map(str, kinds), *times)


def own_findings(invoice: EInvoice) -> int:
    """Return the number of violations that our own rules find."""
    return len(broken_sums(invoice)) + len(missing_terms(invoice)) + len(unlisted_codes(invoice, CURRENCIES))


def measure(corpus: Path) -> dict[str, RuleFigures]:
    """Check every e-invoice below `corpus` that official rules apply to."""
    figures: dict[str, RuleFigures] = {}
    for path in sorted(corpus.glob("*.pdf")):
        found = embedded_einvoice(path, None)
        if found and found.invoice:
            _check(found.content, found.invoice, figures)
    return figures


def _check(content: bytes, invoice: EInvoice, figures: dict[str, RuleFigures]) -> None:
    started, used = time.perf_counter(), _children_seconds()
    report = OfficialRules(kind="plain").check(content, invoice)
    if report is None:
        return
    row = figures.setdefault(report.rule_set.value, RuleFigures())
    row.seconds.append(time.perf_counter() - started)
    row.cpu_seconds.append(_children_seconds() - used)
    row.found_by[_finder(own=bool(own_findings(invoice)), official=bool(report.flagged(RuleFlag.FATAL)))] += 1


def _finder(*, own: bool, official: bool) -> str:
    if own and official:
        return "both"
    return "own" if own else "official" if official else "nobody"


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print the figures as Markdown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", type=Path, required=True)
    corpus = parser.parse_args().corpus
    if problem := missing_rules():
        raise SystemExit(problem)
    figures = measure(corpus / "zugferd")
    heads = (
        "rules",
        "files",
        "valid",
        "wrong by both",
        "by the official",
        "by our own",
        "s (median)",
        "s (most)",
        "CPU s",
    )
    print(table(heads, [row.row(name) for name, row in sorted(figures.items())]))
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\n{rules_version()}; at most {most:.0f} MB in a child process.")


if __name__ == "__main__":
    main()
