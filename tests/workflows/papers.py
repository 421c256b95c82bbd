"""Documents for workflow tests, taken in and decided by the services that the web uses."""

from dataclasses import dataclass
from uuid import UUID

from django.core.files.base import ContentFile

from ingestion.contracts import IngestOptions, RunRef
from ingestion.models import Batch, Document
from ingestion.services.batches import create_batch
from ingestion.services.document_password import give_password
from ingestion.services.erasure import delete_document
from ingestion.services.reruns import rerun_document
from ingestion.services.schemas import default_schemas
from ingestion.services.upload import take_in
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.types import TenantId
from review.contracts import FieldEdit, Submission
from review.domain.lifecycle import Verdict
from review.models import ReviewTask
from review.services.claims import claim_task
from review.services.submit import submit_review
from review.services.undo import undo_review
from tests.factories.people import House, make_house

MAGIC = "%PDF-1.7\n"
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
class Office:
    """A tenant with its schemas, whose people take documents in and decide."""

    house: House

    @property
    def tenant_id(self) -> TenantId:
        """The tenant."""
        return self.house.tenant_id

    def upload(self, text: str = INVOICE, **options: object) -> RunRef:
        """Take a file in, as an operator."""
        actor = self.house.actor(Role.OPERATOR)
        file = ContentFile((MAGIC + text).encode())
        with tenant_scope(self.tenant_id):
            admitted = take_in(
                actor=actor,
                file=file,
                filename="paper.pdf",
                declared_type="application/pdf",
                options=IngestOptions(**options),  # type: ignore[arg-type]  # a test names what it needs
            )
        return RunRef(self.tenant_id, admitted.document_id, 1)

    def send_in(self, content: bytes, filename: str, **options: object) -> RunRef:
        """Take any file in, as an operator."""
        with tenant_scope(self.tenant_id):
            admitted = take_in(
                actor=self.house.actor(Role.OPERATOR),
                file=ContentFile(content),
                filename=filename,
                declared_type="",
                options=IngestOptions(**options),  # type: ignore[arg-type]  # a test names what it needs
            )
        return RunRef(self.tenant_id, admitted.document_id, 1)

    def children(self, ref: RunRef) -> list[Document]:
        """Give the documents that came out of one, in their order there."""
        with tenant_scope(self.tenant_id):
            return list(Document.objects.filter(parent_id=ref.document_id).order_by("part"))

    def batch(self) -> Batch:
        """Open a batch."""
        with tenant_scope(self.tenant_id):
            return create_batch(actor=self.house.actor(Role.OPERATOR), name="March")

    def batch_status(self) -> str:
        """Say how the only batch stands."""
        with tenant_scope(self.tenant_id):
            return Batch.objects.get().status

    def document(self, ref: RunRef) -> Document:
        """Give the document's row."""
        with tenant_scope(self.tenant_id):
            return Document.objects.get(pk=ref.document_id)

    def task(self, ref: RunRef) -> ReviewTask:
        """Give the document's newest task."""
        with tenant_scope(self.tenant_id):
            return ReviewTask.objects.filter(document_id=ref.document_id).latest("opened_at")

    def decide(self, ref: RunRef, verdict: Verdict = Verdict.APPROVE, *edits: FieldEdit) -> UUID:
        """Claim the document's task and decide, as a reviewer; gives the task's id."""
        actor, task = self.house.actor(Role.REVIEWER), self.task(ref)
        submission = Submission(verdict, "seen by a test", edits)
        with tenant_scope(self.tenant_id):
            claimed = claim_task(actor=actor, task_id=task.id)
            submit_review(actor=actor, task_id=task.id, token=claimed.lease.token, submission=submission)
        return task.id

    def undo(self, task_id: UUID) -> None:
        """Take the decision back."""
        with tenant_scope(self.tenant_id):
            undo_review(actor=self.house.actor(Role.REVIEWER), task_id=task_id)

    def give_password(self, ref: RunRef, password: str) -> None:
        """Give the document a password."""
        with tenant_scope(self.tenant_id):
            give_password(actor=self.house.actor(Role.OPERATOR), document_id=ref.document_id, password=password)

    def rerun(self, ref: RunRef) -> RunRef:
        """Have it read again, as an operator; gives the next run."""
        with tenant_scope(self.tenant_id):
            document = rerun_document(actor=self.house.actor(Role.OPERATOR), document_id=ref.document_id)
        return RunRef(self.tenant_id, document.id, ref.run + 1)

    def erase(self, ref: RunRef) -> None:
        """Erase the document, as a manager."""
        with tenant_scope(self.tenant_id):
            delete_document(actor=self.house.actor(Role.MANAGER), document_id=ref.document_id)


def open_office(slug: str = "acme") -> Office:
    """Make a tenant with its schemas."""
    house = make_house(slug)
    with tenant_scope(house.tenant_id):
        default_schemas(tenant_id=house.tenant_id)
    return Office(house)
