"""Problem details: every refusal names the cause and the member; unknown filter values are not ignored."""

import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from refinery.core.tenancy.roles import Role
from tests.api.test_ingest import INGEST, PDF
from tests.support.factories.tenants import TenantFixture

INVALID_QUERIES = [
    *(f"/v1/documents?{name}=a%00b" for name in ("search", "schema", "external_id")),
    *(f"/v1/review/tasks?{name}=a%00b" for name in ("queue", "schema")),
]


@pytest.mark.parametrize("address", [*INVALID_QUERIES, "/documents/?q=a%00b", "/?q=a%00b"])
def test_query_with_nul_character_is_bad_request(tenant: TenantFixture, address: str) -> None:
    """PostgreSQL stores no NUL: 400, as a problem or as an HTML page."""
    answer = tenant.client(Role.OPERATOR).get(address)
    kind = "application/problem+json" if address.startswith("/v1/") else "text/html; charset=utf-8"
    assert (answer.status_code, answer["Content-Type"]) == (400, kind)


@pytest.mark.parametrize("letter", ["\\u0000", "\\ud800"])
def test_body_with_nul_character_is_refused(tenant: TenantFixture, letter: str) -> None:
    """Nested JSON values are checked too; nothing is stored."""
    schema = {"key": "po", "title": "PO", "fields": [{"name": "n", "title": "N", "kind": "text", "labels": ["a@b"]}]}
    body = json.dumps({"definition": schema}).replace("@", letter)
    answer = tenant.api(Role.ORG_ADMIN).post("/v1/schemas", body, "application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    upload = {"file": SimpleUploadedFile("a.pdf", PDF), "metadata": f'{{"deep": [{{"a": "{letter}"}}]}}'}
    said = tenant.api(Role.OPERATOR).post(INGEST, upload).json()
    assert (said["status"], list(said["errors"])) == (422, ["metadata"])


@pytest.mark.parametrize("name", ["batch", "supersedes"])
def test_ingest_unknown_id_is_named(tenant: TenantFixture, name: str) -> None:
    """The problem names the member and explains it."""
    body = {"file": SimpleUploadedFile("a.pdf", PDF, "application/pdf"), name: str(uuid4())}
    said = tenant.api(Role.OPERATOR).post(INGEST, body).json()
    assert (said["status"], list(said["errors"])) == (422, [name])
    assert said["detail"]


def test_batch_with_unknown_schema_is_refused(tenant: TenantFixture) -> None:
    """Batches check the schema as uploads do."""
    said = tenant.api(Role.OPERATOR).post("/v1/batches", {"name": "n", "schema": "nope"}, "application/json").json()
    assert (said["type"], "/v1/schemas" in said["detail"]) == ("urn:refinery:problem:unknown-schema", True)


def test_schema_errors_are_lists_by_location(tenant: TenantFixture) -> None:
    """Each error is listed under its location."""
    body = {"definition": {"key": "po", "title": "PO", "fields": [{"name": "n", "title": "N", "kind": "zzz"}]}}
    said = tenant.api(Role.ORG_ADMIN).post("/v1/schemas", body, "application/json").json()
    assert {where: type(what) for where, what in said["errors"].items()} == {"/fields/0/kind": list}


def test_unknown_filter_value_is_bad_request(tenant: TenantFixture) -> None:
    """Ignoring the filter would return the unfiltered list."""
    api = tenant.api(Role.REVIEWER)
    assert api.get("/v1/review/tasks?overdue=maybe").status_code == 400
    assert [api.get(f"/v1/review/tasks?overdue={word}").status_code for word in ("1", "true", "")] == [200] * 3
