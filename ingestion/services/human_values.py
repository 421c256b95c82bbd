"""Human values, which outlive a reading: confirmed or corrected fields are copied to the next run."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db.models import F

from ingestion.contracts import FIRST_RUN, RunRef
from ingestion.domain.page.rotation import rotate_box
from ingestion.domain.schemas.fields import ExtractedField
from ingestion.models import Document, Field
from refinery.core.types import BoundingBox


def human_values(ref: RunRef, run: int) -> dict[str, Field]:
    """Return the confirmed or corrected fields of an earlier run by name, with boxes adjusted to the last rotation."""
    rows = Field.objects.filter(tenant_id=ref.tenant_id, document_id=ref.document_id, run=run)
    found = {row.name: row for row in rows.exclude(human="")}
    rotation = Document.objects.values_list("last_rotation", flat=True).get(tenant_id=ref.tenant_id, id=ref.document_id)
    if rotation and rotation["run"] == ref.run and run < ref.run:
        for row in found.values():
            quarters = rotation["pages"].get(str(row.page), 0)
            row.bbox = rotate_box(BoundingBox(*row.bbox), quarters).as_list() if row.bbox else None
    return found


def run_before_rotation(ref: RunRef) -> int | None:
    """Return the run whose human values are copied to this one, which began with a rotation; None for any other run."""
    if ref.run == FIRST_RUN:
        return None
    rows = Document.objects.filter(tenant_id=ref.tenant_id, id=ref.document_id, last_rotation__run=ref.run)
    rotation = rows.values_list("last_rotation", flat=True).first()
    return rotation.get("before", ref.run - 1) if rotation else None  # runs in between have failed


def with_human_values(fields: Sequence[ExtractedField], humans: Mapping[str, Field]) -> tuple[ExtractedField, ...]:
    """Return the fields with human values in place of the read ones, with confidence 1."""
    return tuple(_with_human_value(found, humans[found.name]) if found.name in humans else found for found in fields)


def _with_human_value(found: ExtractedField, row: Field) -> ExtractedField:
    return replace(
        found,
        value=row.value,
        normalized=row.normalized,
        confidence=1.0,
        page=row.page,
        bbox=BoundingBox(*row.bbox) if row.bbox else None,
        source=row.source,
    )


def save_human_values(ref: RunRef, humans: Mapping[str, Field]) -> None:
    """Write human values over those of the run; the read value is kept as the model's value."""
    rows = Field.objects.filter(tenant_id=ref.tenant_id, document_id=ref.document_id, run=ref.run)
    for name, row in humans.items():
        rows.filter(name=name).update(
            value=row.value,
            normalized=row.normalized,
            page=row.page,
            bbox=row.bbox,
            source=row.source,
            human=row.human,
            needs_human=False,
            version=F("version") + 1,
        )
