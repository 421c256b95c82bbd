"""How a file is parted, by the API: seen by all, mended over what was seen, refused with a reason."""

from typing import Any

import pytest
from django.test import Client

from ingestion.domain.lifecycle import DocumentStatus
from ingestion.models import Document
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.factories.documents import claimed, make_document, make_task
from tests.factories.people import House, make_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    """Give a tenant with a person for every role."""
    return make_house()


@pytest.fixture
def file(house: House) -> Document:
    """Give a file of four pages in review."""
    return make_document(house, pages=4)


def address(file: Document) -> str:
    """Give the split's address."""
    return f"/v1/documents/{file.id}/split"


def put(client: Client, file: Document, body: Any, seen: str | None = '"0"') -> Any:  # noqa: ANN401 - JSON, an answer
    """Part the file."""
    headers = {} if seen is None else {"If-Match": seen}
    return client.put(address(file), body, content_type="application/json", headers=headers)


def body(*parts: list[int], dropped: list[int] | None = None) -> dict[str, Any]:
    """Write a body."""
    return {"parts": [{"pages": pages} for pages in parts], "dropped": dropped or []}


def test_a_file_that_was_never_parted_is_one_part(house: House, file: Document) -> None:
    answer = house.client(Role.VIEWER).get(address(file))
    assert answer.headers["ETag"] == '"0"'
    found = answer.json()
    assert found["parts"][0] | {"filename": ""} == {
        "document": str(file.id), "filename": "", "status": "IN_REVIEW", "pages": [1, 2, 3, 4], "reasons": [],
    }  # fmt: skip
    assert (found["dropped"], found["boundaries"], found["by_person"]) == ([], [], False)


def test_a_person_parts_it_and_each_part_tells_of_the_whole(house: House, file: Document) -> None:
    answer = put(house.client(Role.REVIEWER), file, body([2, 1], [4], dropped=[3]))
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"1"')
    found = answer.json()
    assert [part["pages"] for part in found["parts"]] == [[2, 1], [4]]
    assert [part["status"] for part in found["parts"]] == ["ASSESSING", "ASSESSING"]
    assert [part["reasons"] for part in found["parts"]] == [[], ["person"]]
    assert (found["dropped"], found["status"], found["by_person"]) == (
        [{"page": 3, "why": "left_out"}],
        "SPLIT",
        True,
    )
    part = found["parts"][1]["document"]
    assert house.client(Role.VIEWER).get(f"/v1/documents/{part}/split").json() == found
    listed = house.client(Role.VIEWER).get(f"/v1/documents?parent={file.id}").json()["results"]
    assert {row["id"] for row in listed} == {part["document"] for part in found["parts"]}
    page = house.client(Role.VIEWER).get(f"/v1/documents/{part}/pages/1").json()
    assert page["number"] == 1
    assert house.client(Role.VIEWER).get(page["image"]).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        (body([1, 2, 3]), 422),
        (body([1, 2, 3, 4], [4]), 422),
        (body(), 422),
        (body([1, 2, 3, 4, 5]), 422),
        (body([1, 2, 3, 4]) | {"cuts": []}, 422),
        ({"parts": [{"pages": ["first"]}]}, 422),
    ],
)
def test_what_makes_no_sense_is_refused(house: House, file: Document, wrong: Any, status: int) -> None:  # noqa: ANN401 - JSON
    answer = put(house.client(Role.MANAGER), file, wrong)
    assert (answer.status_code, answer.json()["type"]) == (status, "urn:refinery:problem:not-valid")


def test_only_what_was_seen_is_mended(house: House, file: Document) -> None:
    client = house.client(Role.REVIEWER)
    assert put(client, file, body([1, 2], [3, 4]), None).status_code == 428
    assert put(client, file, body([1, 2], [3, 4]), '"x"').status_code == 412
    assert put(client, file, body([1, 2], [3, 4])).status_code == 200
    late = put(client, file, body([1, 2, 3], [4]))
    assert (late.status_code, late.headers["ETag"]) == (412, '"1"')


def test_rights_hands_and_states_are_heeded(house: House) -> None:
    file = make_document(house, pages=2)
    assert put(house.client(Role.VIEWER), file, body([1], [2])).status_code == 403
    claimed(house, make_task(house, file), house.user(Role.OPERATOR).pk)
    held = put(house.client(Role.REVIEWER), file, body([1], [2]))
    assert (held.status_code, held.json()["type"]) == (409, "urn:refinery:problem:task-taken")
    decided = make_document(house, pages=2, status=DocumentStatus.APPROVED)
    assert put(house.client(Role.REVIEWER), decided, body([1], [2])).status_code == 403
    assert put(house.client(Role.MANAGER), decided, body([1], [2])).status_code == 200
    reading = make_document(house, pages=2, status=DocumentStatus.READING)
    under_way = put(house.client(Role.MANAGER), reading, body([1], [2]))
    assert (under_way.status_code, under_way.json()["type"]) == (409, "urn:refinery:problem:under-way")


def test_who_may_not_decide_may_not_part(house: House) -> None:
    file = make_document(house, pages=2)
    make_task(house, file, kind="second", excluded_id=house.user(Role.REVIEWER).pk)
    answer = put(house.client(Role.REVIEWER), file, body([1], [2]))
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:refinery:problem:four-eyes")
    assert put(house.client(Role.OPERATOR), file, body([1], [2])).status_code == 200


def test_the_page_the_record_and_the_sheet(house: House, file: Document) -> None:
    viewer = house.client(Role.VIEWER)
    page = viewer.get(f"/documents/{file.id}/pages/").content.decode()
    assert 'id="workspace"' in page
    assert viewer.get(f"/documents/{file.id}/pages/?part=payload").json()["may_mend"] is False
    assert 'data-testid="pages-link"' in viewer.get(f"/documents/{file.id}/").content.decode()
    put(house.client(Role.REVIEWER), file, body([1], [2], [4], dropped=[3]))
    record = viewer.get(f"/documents/{file.id}/").content.decode()
    assert 'data-testid="left-out-pages"' in record
    assert "Split into documents" in record
    with tenant_scope(house.tenant_id):
        first = Document.objects.get(parent=file, part=1)
        Document.objects.filter(pk=first.pk).update(status="SUPERSEDED")
    assert 'data-testid="superseded"' in viewer.get(f"/documents/{first.id}/").content.decode()
    sheet = house.client(Role.OPERATOR).get("/documents/separator.pdf")
    assert (sheet.status_code, sheet.headers["Content-Type"]) == (200, "application/pdf")
    assert b"(REFINERY-SEPARATOR)" in sheet.content


def test_a_file_of_one_page_has_its_workspace_too(house: House) -> None:
    """Its page may lie on its side."""
    single = make_document(house, pages=1)
    client = house.client(Role.REVIEWER)
    assert 'data-testid="pages-link"' in client.get(f"/documents/{single.id}/").content.decode()
    found = client.get(f"/documents/{single.id}/pages/?part=payload").json()
    assert ([part["pages"] for part in found["parts"]], len(found["all_pages"])) == ([[1]], 1)
    assert 'data-testid="pages-link"' not in client.get(f"/documents/{_unread(house).id}/").content.decode()


def _unread(house: House) -> Document:
    return make_document(house, status=DocumentStatus.FAILED, pages=0)


def test_pages_are_turned_and_read_anew(house: House, file: Document) -> None:
    """A part of the file turns it as well; what is wrong with it is named."""
    client = house.client(Role.REVIEWER)
    part = make_document(house, parent=file, part=1, parent_pages=[3, 4], pages=2, filename="part.pdf")
    turns = f"/v1/documents/{part.id}/turns"

    def ask(*pages: tuple[int, int]) -> Any:  # noqa: ANN401 - an answer
        wanted = {"pages": [{"page": page, "quarters": quarters} for page, quarters in pages]}
        return client.post(turns, wanted, content_type="application/json")

    assert ask((5, 1)).status_code == 422
    assert ask((1, 4)).status_code == 422
    assert ask().status_code == 422
    assert ask((2, 1), (2, 1)).status_code == 422
    answer = ask((2, 1), (4, 3))
    assert answer.json()["id"] == str(file.id)
    assert (answer.status_code, answer.json()["status"], answer.json()["run"]) == (202, "READING", 2)
    assert ask((2, 1)).json()["type"].endswith("under-way")
    with tenant_scope(house.tenant_id):
        assert Document.objects.get(pk=file.pk).turns == {"2": 1, "4": 3}
    assert house.client(Role.VIEWER).post(turns, {}, content_type="application/json").status_code == 403
