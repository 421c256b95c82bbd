"""Activities that make an export: build its facts, call the exporter of its format, store the file."""

from collections.abc import Mapping
from uuid import UUID

from temporalio import activity

from ingestion.domain.errors import MissingFile
from ingestion.domain.ports import ArtefactExporter
from ingestion.services.exports import build_export_facts, fail_export, finish_export
from refinery.core.database.scope import tenant_scope
from refinery.core.types import TenantId
from workers.messages import ExportFailure, ExportInput


class ExportActivities:
    """Export activities, with one exporter for each format."""

    def __init__(self, makers: Mapping[str, ArtefactExporter]) -> None:
        """Store the exporters by format."""
        self._makers = makers

    @activity.defn(name="make_export")
    def make(self, export_input: ExportInput) -> str:
        """Make the export and return the artefact's status.

        Facts that do not fit the format end it as failed, with the reason.
        """
        tenant_id, artefact_id = TenantId(UUID(export_input.tenant)), UUID(export_input.artefact)
        with tenant_scope(tenant_id):
            found = build_export_facts(tenant_id=tenant_id, artefact_id=artefact_id)
        if found is None:
            return "done"
        form, facts = found
        try:
            content = self._makers[form].make(facts)
        except ValueError as reason:
            with tenant_scope(tenant_id):
                fail_export(tenant_id=tenant_id, artefact_id=artefact_id, detail=str(reason))
            return "failed"
        document_id = UUID(facts.document_id)
        finish_export(tenant_id=tenant_id, document_id=document_id, artefact_id=artefact_id, content=content)
        return "done"

    @activity.defn(name="give_up_export")
    def give_up(self, failure: ExportFailure) -> str:
        """Mark the artefact as failed; show the detail to people only for a missing file."""
        tenant_id = TenantId(UUID(failure.export_input.tenant))
        detail = failure.detail if failure.code == MissingFile.code else ""
        with tenant_scope(tenant_id):
            fail_export(tenant_id=tenant_id, artefact_id=UUID(failure.export_input.artefact), detail=detail)
        return "failed"
