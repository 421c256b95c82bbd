"""Storage of labels by people as training examples, in the transaction of the submit."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from ingestion.domain.einvoice.mapping import XML_FEATURE
from ingestion.models import Document, Field
from quality.contracts import ExpertLabel, ReviewLabels
from quality.domain.pools import pool_of
from quality.models import Fingerprint, TrainingExample
from refinery.core.database.bulk_rows import insert_rows
from refinery.core.tenancy.compiled_queries import compiled_query
from refinery.core.types import TenantId

LABEL_COLUMNS: Final = ("task_id", "kind", "expert_correction", "reviewer_id", "reviewer_role")
"""Columns of a label and its reviewer."""


def record_examples(labelling: ReviewLabels, document: Document, rows: Iterable[Field]) -> int:
    """Write one example for each label of a field that the model predicted; return the number.

    `rows` are the fields of the labels' run, and may contain others. Needs an open tenant scope. The label of a later
    person (second reviewer, reopened task) replaces the earlier one, which is stored in case the later is withdrawn.
    """
    wanted = {label.field: label for label in labelling.labels}
    if not wanted:
        return 0
    family = _family_of(document)
    # Values of an e-invoice's XML were not read by a model.
    read = [row for row in rows if row.name in wanted and XML_FEATURE not in row.features]
    examples = [_example(labelling, row, wanted[row.name], document.schema_key, family) for row in read]
    existing = {row.field: row for row in _examples_of_run(labelling.tenant_id, labelling.document_id, labelling.run)}
    for example in examples:
        example.previous_label = _previous_label(existing.get(example.field), labelling.task_id)
    insert_rows(
        examples, unique=("tenant_id", "document_id", "run", "field"), replace=(*LABEL_COLUMNS, "previous_label")
    )
    return len(examples)


@compiled_query
def _examples_of_run(tenant_id: TenantId, document_id: UUID, run: int) -> "QuerySet[TrainingExample]":
    return TrainingExample.objects.filter(tenant_id=tenant_id, document_id=document_id, run=run)


def withdraw_examples(*, tenant_id: TenantId, document_id: UUID, task_id: UUID) -> int:
    """Withdraw the examples of a submit that is undone within the grace period; return the number.

    If a label replaced another person's, that one is restored.
    """
    rows = TrainingExample.objects.filter(tenant_id=tenant_id, document_id=document_id, task_id=task_id)
    deleted, _ = rows.filter(previous_label__isnull=True).delete()
    restored = list(rows)
    for row in restored:
        for name, value in (row.previous_label or {}).items():
            setattr(row, name, value)
        row.save(update_fields=[*LABEL_COLUMNS, "previous_label"])
    return deleted + len(restored)


def _previous_label(existing: TrainingExample | None, task_id: UUID | None) -> dict[str, Any] | None:
    """Return the label to restore on withdrawal; a second submit of the same task replaces only its own label."""
    if existing is None:
        return None
    if task_id is not None and existing.task_id == task_id:
        return existing.previous_label
    label = {name: getattr(existing, name) for name in LABEL_COLUMNS}
    ids = {name: value and str(value) for name, value in label.items() if name.endswith("_id")}
    return {**label, **ids, "previous_label": existing.previous_label}


def _family_of(document: Document) -> str:
    """Return the family of a document, whose labels must be in one pool."""
    return _stored_family.first(TenantId(document.tenant_id), document.id) or document.sha256


@compiled_query
def _stored_family(tenant_id: TenantId, document_id: UUID) -> "QuerySet[Fingerprint, str]":
    rows = Fingerprint.objects.filter(tenant_id=tenant_id, document_id=document_id).order_by("id")
    return rows.values_list("family", flat=True)[:1]


def _example(labelling: ReviewLabels, row: Field, label: ExpertLabel, schema_key: str, family: str) -> TrainingExample:
    return TrainingExample(
        tenant_id=labelling.tenant_id,
        document_id=labelling.document_id,
        task_id=labelling.task_id,
        run=labelling.run,
        schema_key=schema_key,
        field=row.name,
        kind=label.kind.value,
        model_prediction=row.model_value,
        expert_correction=label.value,
        confidence=row.confidence,
        features=row.features,
        model_version=row.model_version,
        reviewer_id=labelling.reviewer_id,
        reviewer_role=labelling.reviewer_role,
        pool=pool_of(family).value,
        family=family,
    )
