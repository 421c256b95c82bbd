"""Which kind a document is taken for: what it says itself, and what brought it."""

import pytest

from ingestion.domain.formats.containers import EML
from ingestion.models import Document
from quality.services.document_facts import choose_schema
from refinery.core.database.scope import tenant_scope
from tests.domain.fields.drawing import draw
from tests.domain.fields.test_invoices import GERMAN
from tests.workflows.papers import Office

LETTER = """
From           Ida Berg
To             office@example.com
Date           Tue, 05 Mar 2024
Subject        Invoices for March
Attachments    invoice.pdf

Hello, attached is the invoice for March.
"""


@pytest.mark.parametrize(
    ("text", "media_type", "key"),
    [(LETTER, EML, ""), (LETTER, "application/pdf", "invoice"), (GERMAN, EML, "invoice")],
    ids=["a mail about an invoice", "the same on paper", "an invoice as a mail"],
)
def test_a_mail_speaks_of_invoices_more_often_than_it_is_one(
    office: Office, text: str, media_type: str, key: str
) -> None:
    document = Document(tenant_id=office.tenant_id, media_type=media_type)
    with tenant_scope(office.tenant_id):
        spec, confidence = choose_schema(document, [draw(text)])
    assert (spec.key if spec else "") == key
    assert confidence is not None
