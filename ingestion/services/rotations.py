"""Permanent rotation of pages by a person: they are rendered and read again, all others are reused."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from ingestion.contracts import RunRef
from ingestion.domain.lifecycle import SPLIT_EDITABLE, DocumentStatus, transition_document
from ingestion.domain.page.rotation import merge_rotations, pack_rotations, unpack_rotations
from ingestion.models import Document
from ingestion.selectors.splits import split_source_of
from ingestion.services.child_documents import child_documents_of
from ingestion.services.discarded_runs import discard_reprocessed_pages
from ingestion.services.edit_split import SplitNotEditable
from ingestion.services.reruns import reset_for_next_run
from ingestion.services.review_port import review_tasks
from ingestion.services.split_document import check_may_change
from ingestion.services.workflow_signals import start_run
from refinery.core.audit.services import record_event
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.live_events import LiveEvent, announce, document_group, queue_group


def rotate_pages(*, actor: Actor, document_id: UUID, rotations: Mapping[int, int]) -> Document:
    """Rotate pages of a document's file clockwise by quarter turns and start a run that reads them again.

    Human values are kept. Raises Document.DoesNotExist, NotAllowed (decided documents require the permission to
    reopen), InvalidRotation, SplitNotEditable, ClaimedByOther, FourEyesViolation.
    """
    actor.require(Permission.REVIEW_WORK)
    with transaction.atomic():
        asked = split_source_of(Document.objects.get_permitted(actor, Permission.REVIEW_WORK, pk=document_id))
        review_tasks().lock(actor.tenant_id, asked.pk)
        file = Document.objects.select_for_update().get_permitted(actor, Permission.REVIEW_WORK, pk=asked.pk)
        if DocumentStatus(file.status) not in SPLIT_EDITABLE:
            raise SplitNotEditable
        total_rotations = merge_rotations(unpack_rotations(file.rotations), rotations, file.pages)
        affected_parts = (row for row in child_documents_of(file) if set(row.parent_pages or ()) & set(rotations))
        check_may_change(actor, [file, *affected_parts])
        review_tasks().cancel_for_rerun(actor, file)
        discard_reprocessed_pages(file)
        pages = file.pages
        reset_for_next_run(file, transition_document(DocumentStatus(file.status), DocumentStatus.READING))
        last_rotation = {"run": file.run, "pages": pack_rotations(rotations)}
        Document.objects.filter(pk=file.pk).update(
            rotations=pack_rotations(total_rotations), last_rotation=last_rotation, pages=pages
        )
        file.refresh_from_db()
        record_event(actor.audit, "document.pages_rotated", "document", file.id, run=file.run, pages=sorted(rotations))
        start_run(RunRef(actor.tenant_id, file.id, file.run))
        event = LiveEvent("document.status", str(file.id), file.status, file.stage, 0.0)
        announce(event, document_group(file.id), queue_group(actor.tenant_id))
    return file
