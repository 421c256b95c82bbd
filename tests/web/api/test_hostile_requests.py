"""A05: requests that are made to fill memory: nothing is unpacked, parts are counted, the answer is a problem."""

import gzip
from typing import Any

import pytest

from ingestion.models import Document
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.factories.people import House
from tests.web.api.test_ingest import INGEST, PDF

BOUNDARY = "between-the-parts"
FORM = f"multipart/form-data; boundary={BOUNDARY}"
MEGABYTE = 2**20

pytestmark = pytest.mark.django_db


def part(disposition: str, content: bytes) -> bytes:
    """Give one part of a form."""
    return f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode() + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    """Close a form."""
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def is_problem(response: Any) -> bool:  # noqa: ANN401 - the test client's answer
    """Tell whether it is a refusal in our own shape."""
    return bool(400 <= response.status_code < 500 and response["Content-Type"] == "application/problem+json")


@pytest.mark.parametrize(
    "body",
    [
        form(*(part(f'name="file"; filename="{n}.pdf"', PDF) for n in range(10_000))),
        form(
            *(part(f'name="field-{n}"', b"x") for n in range(10_000)), part('name="file"; filename="a.pdf"', PDF)
        ),
        form(part('name="metadata"', b"x" * 20 * MEGABYTE), part('name="file"; filename="a.pdf"', PDF)),
        form(b"--" + BOUNDARY.encode() + b"\r\nX: " + b"y" * MEGABYTE + b"\r\n\r\n\r\n"),
        b"--" + BOUNDARY.encode(),
    ],
    ids=["files", "fields", "a long field", "a part's head", "no end"],
)
def test_a_form_beyond_measure_is_a_problem_and_no_document(house: House, body: bytes) -> None:
    """One answer of ours, no 5xx, and nothing kept."""
    assert is_problem(house.api(Role.OPERATOR).post(INGEST, body, FORM))
    with tenant_scope(house.tenant_id):
        assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        (INGEST, FORM),
        ("/v1/extract", FORM),
        ("/v1/batches", "application/json"),
        ("/v1/tokens", "application/json"),
    ],
)
def test_a_packed_body_is_not_unpacked(house: House, address: str, kind: str) -> None:
    """Content-Encoding is not understood: the packed bytes are the body, and no form or JSON."""
    packed = gzip.compress(bytes(50 * MEGABYTE))
    response = house.api(Role.OPERATOR).post(address, packed, kind, headers={"Content-Encoding": "gzip"})
    assert is_problem(response)
