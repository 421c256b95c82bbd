"""Document kinds: from the document's own text and from its source."""

import pytest

from ingestion.domain.formats.entries.mails import EML
from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.models import Document
from ingestion.services.extraction import choose_schema
from refinery.core.database.scope import tenant_scope
from tests.support.ingest_harness import IngestHarness
from tests.support.text_pages import page_from_text
from tests.unit.ingestion.domain.extraction.test_invoices import GERMAN

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
def test_choose_schema_mail_mentioning_invoices_needs_more_evidence(
    ingest: IngestHarness, text: str, media_type: str, key: str
) -> None:
    document = Document(tenant_id=ingest.tenant_id, media_type=media_type)
    with tenant_scope(ingest.tenant_id):
        spec, confidence = choose_schema(document, build_document_rows([page_from_text(text)]))
    assert (spec.key if spec else "") == key
    assert confidence is not None
