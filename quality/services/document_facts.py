"""Conversion of database rows to the immutable facts that an assessment needs."""

from dataclasses import replace

from django.utils import timezone

from ingestion.domain.layout.text_rows import DocumentRows
from ingestion.domain.schemas.fields import ExtractedField, FieldKind, SchemaSpec
from ingestion.models import Document
from ingestion.services.einvoice_fields import EInvoiceFacts
from ingestion.services.splitting import suspected_boundaries
from quality.domain.facts import FactSet, TenantThresholds
from quality.domain.facts_builder import DocumentMetadata, build_facts
from quality.services.related_documents import DocumentFingerprint, find_neighbours, lock_business_key
from quality.services.rule_set import AssessmentConfig
from refinery.core.tenancy.models import Tenant
from refinery.core.types import TenantId


def load_facts(
    document: Document,
    doc: DocumentRows,
    schema: SchemaSpec | None,
    fields: tuple[ExtractedField, ...],
    config: AssessmentConfig,
) -> tuple[FactSet, DocumentFingerprint]:
    """Build a document's facts, including its neighbours; lock its business key until the transaction ends."""
    tenant = Tenant.objects.only("review_below", "reject_below").get(id=document.tenant_id)
    submission = DocumentMetadata(
        document_id=str(document.id),
        sha256=document.sha256,
        received_at=document.created_at,
        today=timezone.localdate(),
        total_pages=document.pages,
        external_id=document.external_id,
        supersedes=str(document.supersedes_id) if document.supersedes_id else None,
        limits=TenantThresholds(review_below=tenant.review_below, reject_below=tenant.reject_below),
    )
    codes = config.codes() if _has_codes(schema) else None
    facts = build_facts(submission, doc, fields, schema, codes=codes)
    fingerprint = DocumentFingerprint.of(TenantId(document.tenant_id), document.id, facts)
    lock_business_key(fingerprint)
    neighbours = find_neighbours(fingerprint, document, doc.text)
    return replace(facts, neighbours=neighbours, boundaries=suspected_boundaries(document)), fingerprint


def add_einvoice(facts: FactSet, einvoice: EInvoiceFacts) -> FactSet:
    """Return the facts with those of the document's e-invoice added."""
    return replace(facts, einvoice=einvoice.invoice, einvoice_fault=einvoice.fault, comparison=einvoice.comparison)


def _has_codes(schema: SchemaSpec | None) -> bool:
    return schema is not None and any(spec.kind == FieldKind.CODE_LIST for spec in schema.fields)
