"""Keep what a human said of each field as a training example; called inside the transaction of the submit."""

from typing import Any, Final
from uuid import UUID

from ingestion.domain.einvoice.mapping import SOURCE_XML
from ingestion.models import Document, Field
from quality.contracts import ExpertLabel, Labelling
from quality.domain.pools import pool_of
from quality.models import Fingerprint, TrainingExample
from refinery.core.types import TenantId

WORD: Final = ("task_id", "kind", "expert_correction", "reviewer_id", "reviewer_role")
"""What a human says of a field, and who says it."""


def record_examples(labelling: Labelling) -> int:
    """Write one example for each label whose field the model was asked for; gives how many.

    Needs an open tenant scope. A later human (second reviewer, reopened task) replaces an earlier one's word, and
    keeps it in case they take theirs back.
    """
    wanted = {label.field: label for label in labelling.labels}
    rows = Field.objects.filter(
        tenant_id=labelling.tenant_id,
        document_id=labelling.document_id,
        run=labelling.run,
        name__in=wanted,
    )
    schema_key, family = _matter(labelling.tenant_id, labelling.document_id)
    read = [row for row in rows if SOURCE_XML not in row.features]  # what the XML said, no reader has read
    examples = [_example(labelling, row, wanted[row.name], schema_key, family) for row in read]
    standing = {
        row.field: row
        for row in TrainingExample.objects.filter(
            tenant_id=labelling.tenant_id, document_id=labelling.document_id, run=labelling.run, field__in=wanted
        )
    }
    for example in examples:
        example.replaced = _word_before(standing.get(example.field), labelling.task_id)
    TrainingExample.objects.bulk_create(
        examples,
        update_conflicts=True,
        unique_fields=["tenant_id", "document", "run", "field"],
        update_fields=[*WORD, "replaced"],
    )
    return len(examples)


def withdraw_examples(*, tenant_id: TenantId, document_id: UUID, task_id: UUID) -> int:
    """Take back the examples of a submit that is undone within the grace; gives how many.

    Where it replaced another human's word, that one stands again.
    """
    rows = TrainingExample.objects.filter(tenant_id=tenant_id, document_id=document_id, task_id=task_id)
    deleted, _ = rows.filter(replaced__isnull=True).delete()
    restored = list(rows)
    for row in restored:
        for name, value in (row.replaced or {}).items():
            setattr(row, name, value)
        row.save(update_fields=[*WORD, "replaced"])
    return deleted + len(restored)


def _word_before(standing: TrainingExample | None, task_id: UUID | None) -> dict[str, Any] | None:
    """Give the word that a new one takes the place of; whoever decides a task again replaces but themselves."""
    if standing is None:
        return None
    if task_id is not None and standing.task_id == task_id:
        return standing.replaced
    word = {name: getattr(standing, name) for name in WORD}
    ids = {name: value and str(value) for name, value in word.items() if name.endswith("_id")}
    return {**word, **ids, "replaced": standing.replaced}


def _matter(tenant_id: TenantId, document_id: UUID) -> tuple[str, str]:
    """Give the document's schema and its family: what must stay in one pool together."""
    document = Document.objects.only("schema_key", "sha256").get(tenant_id=tenant_id, id=document_id)
    family = (
        Fingerprint.objects.filter(tenant_id=tenant_id, document_id=document_id)
        .values_list("family", flat=True)
        .first()
    )
    return document.schema_key, family or document.sha256


def _example(
    labelling: Labelling, row: Field, label: ExpertLabel, schema_key: str, family: str
) -> TrainingExample:
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
