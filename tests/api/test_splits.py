"""Splits of a file over the API: readable by everyone, edited with a version check, refused with a reason."""

from typing import Any

import pytest
from django.test import Client

from ingestion.domain.lifecycle import DocumentStatus
from ingestion.models import Document
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.support.factories.documents import claim_for, make_document, make_task
from tests.support.factories.tenants import TenantFixture, make_tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant() -> TenantFixture:
    """Return a tenant with a person for every role."""
    return make_tenant()


@pytest.fixture
def file(tenant: TenantFixture) -> Document:
    """Return a file of four pages in review."""
    return make_document(tenant, pages=4)


def split_url(file: Document) -> str:
    """Return the URL of the split."""
    return f"/v1/documents/{file.id}/split"


def put_split(client: Client, file: Document, body: Any, seen: str | None = '"0"') -> Any:  # noqa: ANN401 - JSON, an answer
    """Edit the split of the file."""
    headers = {} if seen is None else {"If-Match": seen}
    return client.put(split_url(file), body, content_type="application/json", headers=headers)


def split_body(*parts: list[int], dropped: list[int] | None = None) -> dict[str, Any]:
    """Return a request body."""
    return {"parts": [{"pages": pages} for pages in parts], "dropped": dropped or []}


def test_split_of_unsplit_file_is_one_part(tenant: TenantFixture, file: Document) -> None:
    answer = tenant.client(Role.VIEWER).get(split_url(file))
    assert answer.headers["ETag"] == '"0"'
    found = answer.json()
    assert found["parts"][0] | {"filename": ""} == {
        "document": str(file.id),
        "filename": "",
        "status": "IN_REVIEW",
        "pages": [1, 2, 3, 4],
        "reasons": [],
    }
    assert (found["dropped"], found["boundaries"], found["by_person"]) == ([], [], False)


def test_split_creates_children_that_refer_to_whole_file(tenant: TenantFixture, file: Document) -> None:
    answer = put_split(tenant.client(Role.REVIEWER), file, split_body([2, 1], [4], dropped=[3]))
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"1"')
    found = answer.json()
    assert [part["pages"] for part in found["parts"]] == [[2, 1], [4]]
    assert [part["status"] for part in found["parts"]] == ["ASSESSING", "ASSESSING"]
    assert [part["reasons"] for part in found["parts"]] == [[], ["person"]]
    assert found["dropped"] == [{"page": 3, "reason": "excluded"}]
    assert (found["status"], found["by_person"]) == ("SPLIT", True)
    part = found["parts"][1]["document"]
    assert tenant.client(Role.VIEWER).get(f"/v1/documents/{part}/split").json() == found
    listed = tenant.client(Role.VIEWER).get(f"/v1/documents?parent={file.id}").json()["results"]
    assert {row["id"] for row in listed} == {part["document"] for part in found["parts"]}
    page = tenant.client(Role.VIEWER).get(f"/v1/documents/{part}/pages/1").json()
    assert page["number"] == 1
    assert tenant.client(Role.VIEWER).get(page["image"]).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        (split_body([1, 2, 3]), 422),
        (split_body([1, 2, 3, 4], [4]), 422),
        (split_body(), 422),
        (split_body([1, 2, 3, 4, 5]), 422),
        (split_body([1, 2, 3, 4]) | {"cuts": []}, 422),
        ({"parts": [{"pages": ["first"]}]}, 422),
    ],
)
def test_split_invalid_body_is_refused(tenant: TenantFixture, file: Document, wrong: Any, status: int) -> None:  # noqa: ANN401 - JSON
    answer = put_split(tenant.client(Role.MANAGER), file, wrong)
    assert (answer.status_code, answer.json()["type"]) == (status, "urn:refinery:problem:not-valid")


def test_split_requires_current_etag(tenant: TenantFixture, file: Document) -> None:
    client = tenant.client(Role.REVIEWER)
    assert put_split(client, file, split_body([1, 2], [3, 4]), None).status_code == 428
    assert put_split(client, file, split_body([1, 2], [3, 4]), '"x"').status_code == 412
    assert put_split(client, file, split_body([1, 2], [3, 4])).status_code == 200
    late = put_split(client, file, split_body([1, 2, 3], [4]))
    assert (late.status_code, late.headers["ETag"]) == (412, '"1"')


def test_split_permission_claim_and_state_are_checked(tenant: TenantFixture) -> None:
    file = make_document(tenant, pages=2)
    assert put_split(tenant.client(Role.VIEWER), file, split_body([1], [2])).status_code == 403
    claim_for(tenant, make_task(tenant, file), tenant.user(Role.OPERATOR).pk)
    held = put_split(tenant.client(Role.REVIEWER), file, split_body([1], [2]))
    assert (held.status_code, held.json()["type"]) == (409, "urn:refinery:problem:task-taken")
    decided = make_document(tenant, pages=2, status=DocumentStatus.APPROVED)
    assert put_split(tenant.client(Role.REVIEWER), decided, split_body([1], [2])).status_code == 403
    assert put_split(tenant.client(Role.MANAGER), decided, split_body([1], [2])).status_code == 200
    reading = make_document(tenant, pages=2, status=DocumentStatus.READING)
    in_progress = put_split(tenant.client(Role.MANAGER), reading, split_body([1], [2]))
    assert (in_progress.status_code, in_progress.json()["type"]) == (409, "urn:refinery:problem:in-progress")


def test_split_follows_four_eyes_rule(tenant: TenantFixture) -> None:
    file = make_document(tenant, pages=2)
    make_task(tenant, file, kind="second", excluded_id=tenant.user(Role.REVIEWER).pk)
    answer = put_split(tenant.client(Role.REVIEWER), file, split_body([1], [2]))
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:refinery:problem:four-eyes")
    assert put_split(tenant.client(Role.OPERATOR), file, split_body([1], [2])).status_code == 200


def test_split_workspace_record_and_separator_sheet_are_served(tenant: TenantFixture, file: Document) -> None:
    viewer = tenant.client(Role.VIEWER)
    page = viewer.get(f"/documents/{file.id}/pages/").content.decode()
    assert 'id="split-editor"' in page
    assert viewer.get(f"/documents/{file.id}/pages/?part=payload").json()["may_edit"] is False
    assert 'data-testid="pages-link"' in viewer.get(f"/documents/{file.id}/").content.decode()
    put_split(tenant.client(Role.REVIEWER), file, split_body([1], [2], [4], dropped=[3]))
    record = viewer.get(f"/documents/{file.id}/").content.decode()
    assert 'data-testid="removed-pages"' in record
    assert "Split into documents" in record
    with tenant_scope(tenant.tenant_id):
        first = Document.objects.get(parent=file, part=1)
        Document.objects.filter(pk=first.pk).update(status="SUPERSEDED")
    assert 'data-testid="superseded"' in viewer.get(f"/documents/{first.id}/").content.decode()
    sheet = tenant.client(Role.OPERATOR).get("/documents/separator.pdf")
    assert (sheet.status_code, sheet.headers["Content-Type"]) == (200, "application/pdf")
    assert b"(REFINERY-SEPARATOR)" in sheet.content


def test_split_workspace_of_single_page_file_allows_rotation(tenant: TenantFixture) -> None:
    """The page may need a rotation."""
    single = make_document(tenant, pages=1)
    client = tenant.client(Role.REVIEWER)
    assert 'data-testid="pages-link"' in client.get(f"/documents/{single.id}/").content.decode()
    found = client.get(f"/documents/{single.id}/pages/?part=payload").json()
    assert ([part["pages"] for part in found["parts"]], len(found["all_pages"])) == ([[1]], 1)
    assert 'data-testid="pages-link"' not in client.get(f"/documents/{_unread_document(tenant).id}/").content.decode()


def _unread_document(tenant: TenantFixture) -> Document:
    return make_document(tenant, status=DocumentStatus.FAILED, pages=0)


def test_rotations_are_applied_from_file_and_child(tenant: TenantFixture, file: Document) -> None:
    """A child document can rotate its pages too; an invalid rotation is named."""
    client = tenant.client(Role.REVIEWER)
    part = make_document(tenant, parent=file, part=1, parent_pages=[3, 4], pages=2, filename="part.pdf")
    rotations_url = f"/v1/documents/{part.id}/rotations"

    def ask(*pages: tuple[int, int]) -> Any:  # noqa: ANN401 - an answer
        wanted = {"pages": [{"page": page, "quarter_turns": quarters} for page, quarters in pages]}
        return client.post(rotations_url, wanted, content_type="application/json")

    assert ask((5, 1)).status_code == 422
    assert ask((1, 4)).status_code == 422
    assert ask().status_code == 422
    assert ask((2, 1), (2, 1)).status_code == 422
    answer = ask((2, 1), (4, 3))
    assert answer.json()["id"] == str(file.id)
    assert (answer.status_code, answer.json()["status"], answer.json()["run"]) == (202, "READING", 2)
    assert ask((2, 1)).json()["type"].endswith("in-progress")
    with tenant_scope(tenant.tenant_id):
        assert Document.objects.get(pk=file.pk).rotations == {"2": 1, "4": 3}
    assert tenant.client(Role.VIEWER).post(rotations_url, {}, content_type="application/json").status_code == 403
