"""/v1/extract on the real engine: the caller waits for the document's whole way, and holds nothing meanwhile."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from refinery.api import extract
from refinery.core.tenancy.roles import Role
from refinery.core.web import long_polling
from tests.workflows.papers import INVOICE, MAGIC, open_office
from tests.workflows.plant import Plant


def test_fields_come_with_the_answer(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read, judged and given in one request; while it waits it has no connection to the database."""
    monkeypatch.setattr(extract, "MOST_SECONDS", 50)
    held: list[bool] = []
    real = long_polling.wait_for

    def watched(look: Any, *rest: Any) -> Any:  # noqa: ANN401 - as the function that it stands before
        def looked() -> Any:  # noqa: ANN401 - as above
            held.append(connection.connection is not None)
            return look()

        return real(looked, *rest)

    monkeypatch.setattr(extract, "wait_for", watched)
    file = SimpleUploadedFile("paper.pdf", (MAGIC + INVOICE).encode(), content_type="application/pdf")
    client = open_office().house.api(Role.OPERATOR)
    answer = client.post("/v1/extract", {"file": file, "schema": "invoice"})
    assert answer.status_code == 200
    fields = {field["name"]: field["normalized"] for field in answer.json()["fields"]}
    assert fields["total"] == "120.00"
    assert answer.json()["pages"][0]["words"][0]["text"] == "Aldgate"
    assert len(held) > 1
    assert not any(held[1:])
