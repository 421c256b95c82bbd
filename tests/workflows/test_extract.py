"""/v1/extract on Temporal: the request waits for the whole workflow without holding a database connection."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from refinery.api import extract
from refinery.core.tenancy.roles import Role
from refinery.core.web import long_polling
from tests.support.ingest_harness import INVOICE, PDF_MAGIC, make_ingest_harness
from tests.workflows.temporal_harness import TemporalHarness


def test_extract_returns_fields_and_holds_no_connection(
    harness: TemporalHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One request reads, assesses and returns the fields; it has no database connection while it waits."""
    monkeypatch.setattr(extract, "MAX_WAIT_SECONDS", 50)
    held: list[bool] = []
    real = long_polling.wait_for

    def watched(look: Any, *rest: Any) -> Any:  # noqa: ANN401 - signature of the replaced function
        def looked() -> Any:  # noqa: ANN401 - as above
            held.append(connection.connection is not None)
            return look()

        return real(looked, *rest)

    monkeypatch.setattr(extract, "wait_for", watched)
    file = SimpleUploadedFile("paper.pdf", (PDF_MAGIC + INVOICE).encode(), content_type="application/pdf")
    client = make_ingest_harness().tenant.api(Role.OPERATOR)
    answer = client.post("/v1/extract", {"file": file, "schema": "invoice"})
    assert answer.status_code == 200
    fields = {field["name"]: field["normalized"] for field in answer.json()["fields"]}
    assert fields["total"] == "120.00"
    assert answer.json()["pages"][0]["words"][0]["text"] == "Aldgate"
    assert len(held) > 1
    assert not any(held[1:])
