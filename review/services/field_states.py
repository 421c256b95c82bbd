"""Fields of a document as the comparison with a reviewer's edits needs them."""

from collections.abc import Mapping

from ingestion.models import Document, Field
from ingestion.selectors.run_fields import fields_of_run
from ingestion.selectors.stored_readings import find_schema_spec
from refinery.core.tenancy.actor import Actor
from review.domain.corrections import FieldState


def field_rows(actor: Actor, document: Document) -> dict[str, Field]:
    """Return the fields of the document's current run by name, in their order."""
    return {row.name: row for row in fields_of_run(actor, document.id, document.run)}


def field_states(actor: Actor, document: Document, rows: Mapping[str, Field]) -> list[FieldState]:
    """Return the state of each field that the document's schema has; none if the tenant no longer has the schema."""
    schema = find_schema_spec(actor.tenant_id, document.schema_key) if rows else None
    specs = {spec.name: spec for spec in schema.fields} if schema else {}
    return [
        FieldState(specs[row.name], row.value, row.model_value, row.needs_human)
        for row in rows.values()
        if row.name in specs
    ]
