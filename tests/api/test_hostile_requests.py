"""A05: requests that try to fill memory: no decompression, a limited number of form parts, a problem as response."""

import gzip
from typing import Any

import pytest

from ingestion.models import Document
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.api.test_ingest import INGEST, PDF
from tests.support.factories.tenants import TenantFixture

BOUNDARY = "between-the-parts"
FORM = f"multipart/form-data; boundary={BOUNDARY}"
MEGABYTE = 2**20

pytestmark = pytest.mark.django_db


def form_part(disposition: str, content: bytes) -> bytes:
    """Return one part of a form."""
    return f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode() + content + b"\r\n"


def closed_form(*parts: bytes) -> bytes:
    """Return the end of a form."""
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def is_problem(response: Any) -> bool:  # noqa: ANN401 - the test client's answer
    """Return whether the response is a refusal in problem+json format."""
    return bool(400 <= response.status_code < 500 and response["Content-Type"] == "application/problem+json")


@pytest.mark.parametrize(
    "body",
    [
        closed_form(*(form_part(f'name="file"; filename="{n}.pdf"', PDF) for n in range(10_000))),
        closed_form(
            *(form_part(f'name="field-{n}"', b"x") for n in range(10_000)),
            form_part('name="file"; filename="a.pdf"', PDF),
        ),
        closed_form(
            form_part('name="metadata"', b"x" * 20 * MEGABYTE), form_part('name="file"; filename="a.pdf"', PDF)
        ),
        closed_form(b"--" + BOUNDARY.encode() + b"\r\nX: " + b"y" * MEGABYTE + b"\r\n\r\n\r\n"),
        b"--" + BOUNDARY.encode(),
    ],
    ids=["files", "fields", "a long field", "a part's head", "no end"],
)
def test_ingest_excessive_form_is_problem_without_document(tenant: TenantFixture, body: bytes) -> None:
    """A problem response, no 5xx, and nothing stored."""
    assert is_problem(tenant.api(Role.OPERATOR).post(INGEST, body, FORM))
    with tenant_scope(tenant.tenant_id):
        assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("address", "kind"),
    [(INGEST, FORM), ("/v1/extract", FORM), ("/v1/batches", "application/json"), ("/v1/tokens", "application/json")],
)
def test_compressed_request_body_is_not_decompressed(tenant: TenantFixture, address: str, kind: str) -> None:
    """Content-Encoding is not supported: the compressed bytes are the body, which is neither form nor JSON."""
    packed = gzip.compress(bytes(50 * MEGABYTE))
    response = tenant.api(Role.OPERATOR).post(address, packed, kind, headers={"Content-Encoding": "gzip"})
    assert is_problem(response)
