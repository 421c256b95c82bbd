"""Refusals say what is wrong and where: an empty detail or a filter that is passed over helps nobody."""

import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from refinery.core.tenancy.roles import Role
from tests.factories.people import House
from tests.web.api.test_ingest import INGEST, PDF

QUERIES = [
    *(f"/v1/documents?{name}=a%00b" for name in ("search", "schema", "external_id")),
    *(f"/v1/review/tasks?{name}=a%00b" for name in ("queue", "schema")),
]


@pytest.mark.parametrize("address", [*QUERIES, "/documents/?q=a%00b", "/?q=a%00b"])
def test_a_character_that_no_text_has_is_no_fault_of_ours(house: House, address: str) -> None:
    """PostgreSQL keeps no NUL: 400, as a problem or a page."""
    answer = house.client(Role.OPERATOR).get(address)
    kind = "application/problem+json" if address.startswith("/v1/") else "text/html; charset=utf-8"
    assert (answer.status_code, answer["Content-Type"]) == (400, kind)


@pytest.mark.parametrize("letter", ["\\u0000", "\\ud800"])
def test_no_member_of_a_body_may_hold_one(house: House, letter: str) -> None:
    """Not deep inside of JSON either; nothing is kept."""
    schema = {
        "key": "po",
        "title": "PO",
        "fields": [{"name": "n", "title": "N", "kind": "text", "labels": ["a@b"]}],
    }
    body = json.dumps({"definition": schema}).replace("@", letter)
    answer = house.api(Role.ORG_ADMIN).post("/v1/schemas", body, "application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    upload = {"file": SimpleUploadedFile("a.pdf", PDF), "metadata": f'{{"deep": [{{"a": "{letter}"}}]}}'}
    said = house.api(Role.OPERATOR).post(INGEST, upload).json()
    assert (said["status"], list(said["errors"])) == (422, ["metadata"])


@pytest.mark.parametrize("name", ["batch", "supersedes"])
def test_an_id_of_nothing_is_told_of(house: House, name: str) -> None:
    """By the member, and in words."""
    body = {"file": SimpleUploadedFile("a.pdf", PDF, "application/pdf"), name: str(uuid4())}
    said = house.api(Role.OPERATOR).post(INGEST, body).json()
    assert (said["status"], list(said["errors"])) == (422, [name])
    assert said["detail"]


def test_a_batch_of_an_unknown_schema_is_told_of(house: House) -> None:
    """As an upload of one is."""
    said = house.api(Role.OPERATOR).post("/v1/batches", {"name": "n", "schema": "nope"}, "application/json").json()
    assert (said["type"], "/v1/schemas" in said["detail"]) == ("urn:refinery:problem:unknown-schema", True)


def test_a_schemas_faults_are_lists_as_all_errors_are(house: House) -> None:
    """Each under the place where it is."""
    body = {"definition": {"key": "po", "title": "PO", "fields": [{"name": "n", "title": "N", "kind": "zzz"}]}}
    said = house.api(Role.ORG_ADMIN).post("/v1/schemas", body, "application/json").json()
    assert {where: type(what) for where, what in said["errors"].items()} == {"/fields/0/kind": list}


def test_a_filter_that_means_nothing_is_not_passed_over(house: House) -> None:
    """The whole list would look like the answer."""
    api = house.api(Role.REVIEWER)
    assert api.get("/v1/review/tasks?overdue=maybe").status_code == 400
    assert [api.get(f"/v1/review/tasks?overdue={word}").status_code for word in ("1", "true", "")] == [200] * 3
