"""Fingerprints detect copies despite reading errors, and each relation is distinguished from the others."""

# ruff: noqa: S311 - seeded draws, no secrets
from dataclasses import replace
from random import Random

import pytest

from quality.domain.checks.catalog import standard_registry
from quality.domain.checks.examples.builders import BILL, LETTER, document, neighbour
from quality.domain.checks.examples.related_documents import OTHER_TOTAL, PATIENT, SAME_FILE, SCANNED_AGAIN
from quality.domain.checks.runner import find_issues
from quality.domain.facts import FactSet
from quality.domain.fingerprints import (
    SIGNATURE_METHOD,
    bands,
    compare_texts,
    estimate_similarity,
    revision_of,
    signature,
)
from quality.domain.outcomes import Tier

WORDS = [f"{left}{right}" for left in ("con", "pre", "tra", "sub", "mel") for right in ("fort", "cise", "vel", "mit")]


def _text(rng: Random, count: int = 300) -> str:
    return " ".join(rng.choice(WORDS) if rng.random() < 0.8 else str(rng.randrange(9999)) for _ in range(count))


def _misread(text: str, rng: Random, share: float = 0.05) -> str:
    """Change one character in a share of the words."""
    words = text.split()
    for at in rng.sample(range(len(words)), int(share * len(words))):
        place = rng.randrange(len(words[at]))
        words[at] = words[at][:place] + rng.choice("xqz7") + words[at][place + 1 :]
    return " ".join(words)


@pytest.mark.parametrize("seed", range(20))
def test_fingerprint_copy_with_five_percent_wrong_words_is_candidate_and_similar(seed: int) -> None:
    rng = Random(seed)
    text = _text(rng)
    copy, other = _misread(text, rng), _text(Random(seed + 1000))
    assert set(bands(signature(text))) & set(bands(signature(copy)))
    assert compare_texts(text, copy).text > 0.95
    assert compare_texts(text, other).text < 0.8
    assert (
        estimate_similarity(signature(text), signature(copy))
        > estimate_similarity(signature(text), signature(other)) + 0.2
    )


def test_signature_estimates_share_of_common_shingles() -> None:
    left, right = _text(Random(1), 600), _text(Random(2), 600)
    half = f"{left} {right}"
    shingles = [{text[at : at + 5] for at in range(len(text) - 4)} for text in (left, half)]
    exact = len(shingles[0] & shingles[1]) / len(shingles[0] | shingles[1])
    assert estimate_similarity(signature(left), signature(half)) == pytest.approx(exact, abs=0.15)
    assert signature(left) == signature(left.upper().replace(" ", "  ")) != signature(right)
    assert signature("abc") == ()
    assert estimate_similarity((), ()) == 0.0
    assert all(0 <= value < 2**32 for value in signature("short text"))


def test_signature_is_the_same_on_every_machine() -> None:
    """Stored signatures are compared with new ones: a library that computes others needs another method's name."""
    found = signature("Invoice 118 of Aldgate Paper Ltd")
    assert SIGNATURE_METHOD == "rensa-2-7-128"
    assert (len(found), found[:4]) == (128, (549190339, 259819074, 3229743074, 3304054031))
    assert bands(found)[:3] == (4048225139, 1622416986, 1784273424)


@pytest.mark.parametrize("seed", range(20))
def test_copy_that_keeps_a_quarter_of_its_shingles_is_estimated_closely(seed: int) -> None:
    """Four standard deviations of 128 independent bins are 0.16; the mean over texts has no bias."""
    text = _text(Random(seed))
    copy = _misread(text, Random(seed), share=0.7)
    left, right = ({text[at : at + 5] for at in range(len(text) - 4)} for text in (text, copy))
    exact = len(left & right) / len(left | right)
    assert estimate_similarity(signature(text), signature(copy)) == pytest.approx(exact, abs=0.16)


@pytest.mark.parametrize(
    ("text", "revision"),
    [
        ("Invoice 118, revision 2", "2"),
        ("Rev. B of the report", "b"),
        ("Corrected invoice, replaces the version of the same number", "1"),
        ("Berichtigte Rechnung, ersetzt die Fassung gleicher Nummer", "1"),
        ("Facture rectificative, remplace la version du même numéro", "1"),
        ("Your conversion revenue of 2024", ""),
    ],
)
def test_revision_of_finds_printed_revision(text: str, revision: str) -> None:
    assert revision_of(text) == revision


def _relation_codes(facts: FactSet) -> set[str]:
    issues = find_issues(facts, standard_registry()).issues
    return {issue.code for issue in issues if issue.tier is Tier.CROSS_DOCUMENT}


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (document(neighbours=(SAME_FILE,)), "exact_duplicate"),
        (document(neighbours=(SCANNED_AGAIN,)), "near_duplicate"),
        (document(neighbours=(OTHER_TOTAL,)), "contradiction"),
        (document(neighbours=(replace(OTHER_TOTAL, revision="2"),)), "newer_version"),
        (document(neighbours=(OTHER_TOTAL,), revision="2"), "replaces_earlier"),
    ],
)
def test_relation_checks_report_exactly_one_relation(facts: FactSet, code: str) -> None:
    assert _relation_codes(facts) == {code}


def test_contradiction_evidence_names_both_places() -> None:
    facts = document(neighbours=(OTHER_TOTAL,))
    issue = next(each for each in find_issues(facts, standard_registry()).issues if each.code == "contradiction")
    assert (issue.field, issue.text, issue.neighbour, issue.neighbour_text) == ("total", BILL["total"], "b", "1284.50")
    assert issue.bbox is not None


def test_contradiction_on_a_person_is_found_across_document_kinds() -> None:
    other = neighbour({**PATIENT, "date_of_birth": "1961-03-09"}, schema_key="lab_report")
    assert _relation_codes(document(PATIENT, LETTER, neighbours=(other,))) == {"contradiction"}
    same = neighbour(PATIENT, schema_key="lab_report")
    assert _relation_codes(document(PATIENT, LETTER, neighbours=(same,))) == set()


def test_contradiction_amounts_are_shown_as_printed() -> None:
    here = document()
    printed = tuple(replace(each, value="1.248,50 EUR") if each.name == "total" else each for each in here.fields)
    facts = replace(here, fields=printed, neighbours=(OTHER_TOTAL,))
    issue = next(each for each in find_issues(facts, standard_registry()).issues if each.code == "contradiction")
    assert issue.message == "Total is 1.248,50 here and 1.284,50 in another document of the same case"
