"""Make an export: gather its facts, let the form's maker write it, store it."""

from collections.abc import Mapping
from uuid import UUID

from temporalio import activity

from ingestion.domain.errors import MissingFile
from refinery.core.database.scope import tenant_scope
from refinery.core.types import TenantId
from review.domain.ports import ArtefactMaker
from review.services.exports import export_facts, fail_export, finish_export
from workers.messages import ExportFailure, ExportOrder


class ExportActivities:
    """Makes exports; each form has its maker."""

    def __init__(self, makers: Mapping[str, ArtefactMaker]) -> None:
        """Take the makers by format."""
        self._makers = makers

    @activity.defn(name="make_export")
    def make(self, order: ExportOrder) -> str:
        """Give the artefact's status; facts that do not fit the form end it as failed, with the reason."""
        tenant_id, artefact_id = TenantId(UUID(order.tenant)), UUID(order.artefact)
        with tenant_scope(tenant_id):
            found = export_facts(tenant_id=tenant_id, artefact_id=artefact_id)
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
        """Say so on the artefact, which is waited for; an exception's name is no reason for people."""
        tenant_id = TenantId(UUID(failure.order.tenant))
        detail = failure.detail if failure.code == MissingFile.code else ""
        with tenant_scope(tenant_id):
            fail_export(tenant_id=tenant_id, artefact_id=UUID(failure.order.artefact), detail=detail)
        return "failed"
