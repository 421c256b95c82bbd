"""Evidence of zones in quality checks: no false contradiction, no missing name, no rejection of proven values."""

from dataclasses import replace

import pytest

from ingestion.domain.schemas import IDENTITY_DOCUMENT
from ingestion.domain.schemas.fields import ExtractedField
from quality.domain.checks.catalog import standard_registry
from quality.domain.checks.examples.builders import TODAY, ZONE, document, fields, page
from quality.domain.checks.runner import find_issues, run_check
from quality.domain.facts import FactSet
from quality.domain.fields_for_review import fields_needing_review
from quality.domain.outcomes import Outcome, Severity, Verdict
from quality.domain.routing import Route, RoutingPolicy, decide, document_risk
from quality.domain.scoring import score_document
from quality.domain.zone_evidence import are_values_proven, missing_fields

HOLDER = {
    "surname": "SOLBERG",
    "given_names": "MAJA LIV",
    "document_number": "L898902C3",
    "nationality": "UTO",
    "date_of_birth": "1985-04-12",
    "expiry_date": "2030-04-15",
    "mrz": ZONE,
}
ONE_NAME = ZONE.replace("SOLBERG<<MAJA<LIV", "SOLBERG<<<<<<<<<<")
GERMAN = ZONE.replace("P<UTO", "P<D<<").replace("UTO8504124", "D<<8504124")


def _document(**changes: str) -> FactSet:
    values = {name: value for name, value in {**HOLDER, **changes}.items() if value}
    return document(values, IDENTITY_DOCUMENT)


def _outcome(check: str, facts: FactSet) -> Outcome:
    return run_check(standard_registry()[check], facts)


@pytest.mark.parametrize(
    ("nationality", "verdict"),
    [("DEUTSCH", Verdict.PASS), ("allemande", Verdict.PASS), ("Xyzzyan", Verdict.PASS), ("FRANÇAISE", Verdict.FAIL)],
)
def test_nationality_in_words_is_an_issue_only_if_it_means_another_state(nationality: str, verdict: Verdict) -> None:
    assert _outcome("mrz_agrees", _document(nationality=nationality, mrz=GERMAN)).verdict is verdict


def test_given_names_of_a_holder_with_one_name_are_not_missing() -> None:
    facts = _document(given_names="", mrz=ONE_NAME)
    assert _outcome("required_fields", facts).verdict is Verdict.PASS
    assert missing_fields(facts.fields, facts.schema) == frozenset()
    absent = ExtractedField("given_names", "", "", 0.9)
    assert fields_needing_review((*facts.fields, absent), (), facts.schema) == frozenset()
    assert document_risk(facts.fields, facts.schema).p_error < 0.5


def test_given_names_not_found_beside_a_zone_with_some_are_missing() -> None:
    facts = _document(given_names="")
    assert missing_fields(facts.fields, facts.schema) == {"given_names"}
    assert document_risk(facts.fields, facts.schema).p_error == 1.0


def test_given_names_not_found_beside_a_surname_that_fills_the_zone_are_missing() -> None:
    filled = ZONE.replace("SOLBERG<<MAJA<LIV<<<<<<<<<<<<<<<<<<<<<<", "S".ljust(39, "O"))
    facts = _document(given_names="", mrz=filled)
    assert missing_fields(facts.fields, facts.schema) == {"given_names"}


def _route(facts: FactSet) -> Route:
    findings = find_issues(facts, standard_registry())
    score, risk = score_document(facts, findings.results), document_risk(facts.fields, facts.schema)
    return decide(facts, score, findings.issues, risk, RoutingPolicy()).outcome


def _poorly_read(facts: FactSet) -> FactSet:
    return replace(facts, pages=(page(confidence=0.2),))


def test_route_poorly_read_document_with_proven_values_is_reviewed() -> None:
    facts = _poorly_read(_document())
    assert are_values_proven(facts.fields, facts.schema, TODAY)
    outcome = _outcome("reading_confidence", facts)
    assert [evidence.severity for evidence in outcome.evidence] == [None]
    assert _route(facts) is Route.REVIEW


@pytest.mark.parametrize(
    "change",
    [
        {"mrz": ""},
        {"mrz": ZONE.replace("8504124", "8504134")},
        {"document_number": ""},
        {"document_number": "L898902D3"},
        {"date_of_birth": "1985-12-04"},
    ],
)
def test_route_poorly_read_document_without_proof_is_rejected(change: dict[str, str]) -> None:
    facts = _poorly_read(_document(**change))
    assert not are_values_proven(facts.fields, facts.schema, TODAY)
    assert [evidence.severity for evidence in _outcome("reading_confidence", facts).evidence] == [Severity.BLOCKER]
    assert _route(facts) is Route.REJECT


def test_values_of_a_schema_without_zone_are_not_proven() -> None:
    facts = document()
    assert not are_values_proven(fields({"mrz": ZONE}), facts.schema, TODAY)
