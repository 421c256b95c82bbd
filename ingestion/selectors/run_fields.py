"""Rows of the fields of a run, for the pages of the user interface and for the services of reviews."""

from uuid import UUID

from django.db.models import QuerySet

from ingestion.models import Field
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.compiled_queries import compiled_query


@compiled_query
def fields_of_run(actor: Actor, document_id: UUID, run: int) -> "QuerySet[Field]":
    """Return the fields of a run in their order."""
    return Field.objects.visible_to(actor).filter(document_id=document_id, run=run).order_by("position")
