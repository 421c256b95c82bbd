"""Documents for workflow tests, uploaded and decided by the same services as in the web application."""

from dataclasses import dataclass
from uuid import UUID

from django.core.files.base import ContentFile

from ingestion.contracts import IngestOptions, RunRef
from ingestion.models import Batch, Document
from ingestion.services.batches import create_batch
from ingestion.services.document_password import submit_password
from ingestion.services.erasure import delete_document
from ingestion.services.reruns import rerun_document
from ingestion.services.schemas import create_default_schemas
from ingestion.services.upload import ingest_file
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.types import TenantId
from review.contracts import FieldEdit, Submission
from review.domain.lifecycle import ReviewVerdict
from review.models import ReviewTask
from review.services.claims import claim_task
from review.services.submit import submit_review
from review.services.undo import undo_review
from tests.support.factories.tenants import TenantFixture, make_tenant

PDF_MAGIC = "%PDF-1.7\n"
INVOICE = """\
Aldgate Paper Ltd
INVOICE
Invoice number: INV-2041
Invoice date: 2026-03-02
Due date: 2026-04-01
Description Qty Price Amount
Paper A4 10 10.00 100.00
Subtotal 100.00
VAT 20.00
Total 120.00 EUR
"""


@dataclass(frozen=True, slots=True)
class IngestHarness:
    """Tenant with its schemas, whose people upload and decide documents."""

    tenant: TenantFixture

    @property
    def tenant_id(self) -> TenantId:
        """Return the tenant's id."""
        return self.tenant.tenant_id

    def upload(self, text: str = INVOICE, **options: object) -> RunRef:
        """Upload a text file as an operator."""
        actor = self.tenant.actor(Role.OPERATOR)
        file = ContentFile((PDF_MAGIC + text).encode())
        with tenant_scope(self.tenant_id):
            admitted = ingest_file(
                actor=actor,
                file=file,
                filename="paper.pdf",
                declared_type="application/pdf",
                options=IngestOptions(**options),  # type: ignore[arg-type]  # a test names what it needs
            )
        return RunRef(self.tenant_id, admitted.document_id, 1)

    def upload_bytes(self, content: bytes, filename: str, **options: object) -> RunRef:
        """Upload any file as an operator."""
        with tenant_scope(self.tenant_id):
            admitted = ingest_file(
                actor=self.tenant.actor(Role.OPERATOR),
                file=ContentFile(content),
                filename=filename,
                declared_type="",
                options=IngestOptions(**options),  # type: ignore[arg-type]  # a test names what it needs
            )
        return RunRef(self.tenant_id, admitted.document_id, 1)

    def children(self, ref: RunRef) -> list[Document]:
        """Return the child documents of a document, in order."""
        with tenant_scope(self.tenant_id):
            return list(Document.objects.filter(parent_id=ref.document_id).order_by("part"))

    def batch(self) -> Batch:
        """Create a batch."""
        with tenant_scope(self.tenant_id):
            return create_batch(actor=self.tenant.actor(Role.OPERATOR), name="March")

    def batch_status(self) -> str:
        """Return the status of the only batch."""
        with tenant_scope(self.tenant_id):
            return Batch.objects.get().status

    def document(self, ref: RunRef) -> Document:
        """Return the document's row."""
        with tenant_scope(self.tenant_id):
            return Document.objects.get(pk=ref.document_id)

    def task(self, ref: RunRef) -> ReviewTask:
        """Return the document's newest task."""
        with tenant_scope(self.tenant_id):
            return ReviewTask.objects.filter(document_id=ref.document_id).latest("opened_at")

    def decide(self, ref: RunRef, verdict: ReviewVerdict = ReviewVerdict.APPROVE, *edits: FieldEdit) -> UUID:
        """Claim the document's task and decide it as a reviewer; return the task's id."""
        actor, task = self.tenant.actor(Role.REVIEWER), self.task(ref)
        submission = Submission(verdict, "seen by a test", edits)
        with tenant_scope(self.tenant_id):
            claimed = claim_task(actor=actor, task_id=task.id)
            submit_review(actor=actor, task_id=task.id, token=claimed.lease.token, submission=submission)
        return task.id

    def undo(self, task_id: UUID) -> None:
        """Undo the decision."""
        with tenant_scope(self.tenant_id):
            undo_review(actor=self.tenant.actor(Role.REVIEWER), task_id=task_id)

    def give_password(self, ref: RunRef, password: str) -> None:
        """Send a password for the document."""
        with tenant_scope(self.tenant_id):
            submit_password(actor=self.tenant.actor(Role.OPERATOR), document_id=ref.document_id, password=password)

    def rerun(self, ref: RunRef) -> RunRef:
        """Restart the reading as an operator; return the next run."""
        with tenant_scope(self.tenant_id):
            document = rerun_document(actor=self.tenant.actor(Role.OPERATOR), document_id=ref.document_id)
        return RunRef(self.tenant_id, document.id, ref.run + 1)

    def erase(self, ref: RunRef) -> None:
        """Erase the document as a manager."""
        with tenant_scope(self.tenant_id):
            delete_document(actor=self.tenant.actor(Role.MANAGER), document_id=ref.document_id)


def make_ingest_harness(slug: str = "acme") -> IngestHarness:
    """Create a tenant with its schemas."""
    tenant = make_tenant(slug)
    with tenant_scope(tenant.tenant_id):
        create_default_schemas(tenant_id=tenant.tenant_id)
    return IngestHarness(tenant)
