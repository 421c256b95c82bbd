"""Conversion of database rows to the immutable facts that an assessment needs."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
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
from refinery.core.tenancy.compiled_queries import compiled_query
from refinery.core.tenancy.models import Tenant
from refinery.core.types import TenantId


def load_facts(
    document: Document,
    doc: DocumentRows,
    schema: SchemaSpec | None,
    fields: tuple[ExtractedField, ...],
    einvoice: EInvoiceFacts,
    config: AssessmentConfig,
    *,
    lock: bool = True,
) -> tuple[FactSet, DocumentFingerprint]:
    """Build a document's facts, including its neighbours.

    `lock` locks its business key until the transaction ends, which a caller that writes nothing does not need.
    """
    review_below, reject_below = _thresholds(document.tenant_id)[0]
    submission = DocumentMetadata(
        document_id=str(document.id),
        sha256=document.sha256,
        received_at=document.created_at,
        today=timezone.localdate(),
        total_pages=document.pages,
        external_id=document.external_id,
        supersedes=str(document.supersedes_id) if document.supersedes_id else None,
        limits=TenantThresholds(review_below=review_below, reject_below=reject_below),
    )
    codes = config.codes() if schema and schema.has_kind(FieldKind.CODE_LIST) else None
    facts = build_facts(submission, doc, fields, schema, codes=codes)
    fingerprint = DocumentFingerprint.of(TenantId(document.tenant_id), document.id, facts)
    if lock:
        lock_business_key(fingerprint)
    facts = replace(
        facts,
        neighbours=find_neighbours(fingerprint, document, doc.text),
        boundaries=suspected_boundaries(document),
        einvoice=einvoice.invoice,
        einvoice_fault=einvoice.fault,
        einvoice_report=einvoice.report,
        comparison=einvoice.comparison,
    )
    return facts, fingerprint


@compiled_query
def _thresholds(tenant_id: UUID) -> "QuerySet[Tenant, Any]":
    return Tenant.objects.filter(id=tenant_id).values_list("review_below", "reject_below")
