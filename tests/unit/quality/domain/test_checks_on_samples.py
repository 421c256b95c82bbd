"""Checks on realistic documents: deliberate flaws are detected, correct documents are left unflagged.

Words come from the ground truth of the samples, as if read without an error, so that these tests cover fields and
checks, but no engine.
"""

from collections import defaultdict
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from typing import Any

import pytest

from ingestion.domain.extraction import extract_fields
from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.page.elements import PageReading, Word, WordSource
from ingestion.domain.schemas import built_in_schema
from quality.adapters.code_tables import icd10cm
from quality.domain.checks.catalog import standard_registry
from quality.domain.checks.runner import find_issues
from quality.domain.facts import FactSet, Neighbour
from quality.domain.facts_builder import DocumentMetadata, build_facts
from quality.domain.fingerprints import compare_texts
from quality.domain.outcomes import DetectedIssue, Severity, Verdict
from quality.domain.relations import Relation, find_relation
from refinery.core.types import BoundingBox
from samples.flaws import FLAWS
from samples.generate import demonstration_set, make_document

TODAY = date(2025, 10, 1)
SEED = 4711
DOCUMENTS_PER_KIND = 5
EXPECTED_CHECKS = {
    "total_mismatch": {"totals_add_up", "lines_add_up", "payment_adds_up"},
    "impossible_date": {"dates_valid", "dates_in_order"},
    "future_date": {"date_not_in_future"},
    "ambiguous_date": {"date_ambiguous"},
    "invalid_iban": {"iban_valid"},
    "unknown_icd_code": {"icd10_known"},
    "npi_check_digit": {"npi_valid"},
    "mrz_check_digit": {"mrz_check_digits"},
}


def _pages(truth: dict[str, Any]) -> tuple[PageReading, ...]:
    by_page: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for word in truth["words"]:
        by_page[word["page"]].append(word)
    return tuple(_page(number, by_page[number]) for number in range(1, truth["pages"] + 1))


def _page(number: int, placed: list[dict[str, Any]]) -> PageReading:
    """Group words into lines by the centres of their boxes."""
    lines: list[list[dict[str, Any]]] = []
    for word in sorted(placed, key=_middle):
        height = word["bbox"][3] - word["bbox"][1]
        if not lines or _middle(word) - _middle(lines[-1][0]) > height / 2:
            lines.append([])
        lines[-1].append(word)
    words = tuple(
        Word(word["text"], BoundingBox.clipped(*word["bbox"]), 0.99, WordSource.NATIVE, at)
        for at, line in enumerate(lines)
        for word in sorted(line, key=lambda word: word["bbox"][0])
    )
    return PageReading(number, 1654, 2339, WordSource.NATIVE, 0.99, words)


def _middle(word: dict[str, Any]) -> float:
    return float(word["bbox"][1] + word["bbox"][3]) / 2


def _facts_of(truth: dict[str, Any], digest: str = "") -> tuple[FactSet, str]:
    pages, schema = _pages(truth), built_in_schema(truth["schema"])
    submission = DocumentMetadata(truth["name"], digest, datetime(2025, 10, 1, tzinfo=UTC), TODAY, len(pages))
    doc = build_document_rows(pages)
    fields = extract_fields(doc, schema, today=TODAY)
    facts = build_facts(submission, doc, fields, schema, neighbours=(), codes=icd10cm())
    return facts, doc.text


@cache
def _checked_samples(flaw: str) -> tuple[tuple[DetectedIssue, ...], ...]:
    """Check a few documents of each kind that can have this flaw; an empty flaw means a correct document."""
    kinds = [kind for kind, flaws in FLAWS.items() if not flaw or flaw in flaws]
    found = []
    for kind in kinds:
        for index in range(DOCUMENTS_PER_KIND):
            sample = make_document(kind, seed=SEED, index=index, scan=False, flaws=(flaw,) if flaw else ())
            facts, _ = _facts_of(sample.truth)
            findings = find_issues(facts, standard_registry())
            assert not [each for each in findings.results if each.outcome.verdict is Verdict.ERROR]
            found.append(findings.issues)
    return tuple(found)


@pytest.mark.parametrize("flaw", sorted(EXPECTED_CHECKS))
def test_checks_find_each_deliberate_flaw(flaw: str) -> None:
    hits = [bool(EXPECTED_CHECKS[flaw] & {issue.code for issue in issues}) for issues in _checked_samples(flaw)]
    assert sum(hits) >= 0.8 * len(hits), f"{sum(hits)} of {len(hits)}"


def test_checks_leave_flawless_documents_alone() -> None:
    grave = [issue for issues in _checked_samples("") for issue in issues if issue.severity.rank >= Severity.MAJOR.rank]
    assert len(grave) <= 0.08 * len(_checked_samples("")), [(issue.code, issue.message) for issue in grave]


def test_checks_distinguish_demonstration_documents() -> None:
    samples = demonstration_set()
    known = {
        sample.name: _facts_of(sample.truth, sha256(sample.content).hexdigest())
        for sample in samples
        if sample.truth["source"] == "digital" or sample.truth["schema"] == "invoice"
    }
    wanted = {
        "duplicate_of": Relation.EXACT_DUPLICATE,
        "supersedes": Relation.OLDER_VERSION,
        "contradicts": Relation.CONTRADICTION,
    }
    seen = []
    for sample in samples:
        for key, relation in wanted.items():
            other = sample.truth[key]
            if isinstance(other, str):
                assert (
                    find_relation(known[sample.name][0], _related(known[sample.name], known[other])).relation
                    is relation
                )
                seen.append(relation)
    assert sorted(seen) == sorted(wanted.values())


def _related(ours: tuple[FactSet, str], theirs: tuple[FactSet, str]) -> Neighbour:
    facts, text = theirs
    alike = compare_texts(ours[1], text)
    values = {found.name: found.normalized for found in facts.fields if found.normalized}
    return Neighbour(
        document_id=facts.document_id,
        sha256=facts.sha256,
        received_at=facts.received_at,
        schema_key=facts.schema_key,
        fields=values,
        text_similarity=alike.text,
        number_similarity=alike.numbers,
        revision=facts.revision,
    )
