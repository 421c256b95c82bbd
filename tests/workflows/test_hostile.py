"""Hostile files on the whole way, by the real reader: a typed end that the uploader sees, and no worker lost."""

from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.sandbox.limits import ChildLimits
from ingestion.adapters.sandbox.pool import Child, Nursery
from ingestion.contracts import IngestOptions, RunRef
from ingestion.services.upload import take_in
from quality.services.rule_set import Engine
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.hostile import broken, pdf_bombs, pdf_deeds, pictures
from tests.hostile.processes import own_children
from tests.workflows.conftest import io_activities
from tests.workflows.papers import Office, open_office
from tests.workflows.plant import Plant
from workers import queues
from workers.activities.read_pages import ReadingActivities


@pytest.fixture
def sandboxed() -> Iterator[SandboxedPageReader]:
    """A reader whose children have two seconds for a page, so that an endless one ends soon."""
    made = SandboxedPageReader(Nursery(ChildLimits(page_cpu_seconds=2), spare=False))
    yield made
    made.close()


@pytest.fixture
def office(idle_plant: Plant, engine: Engine, sandboxed: SandboxedPageReader) -> Office:
    """A tenant beside a plant that truly reads."""
    idle_plant.work(queues.IO, *io_activities(engine))
    idle_plant.work(queues.CPU, ReadingActivities(sandboxed).read_pages)
    idle_plant.relay()
    return open_office()


def send(office: Office, content: bytes, filename: str) -> RunRef:
    """Take a file in, as an operator."""
    with tenant_scope(office.tenant_id):
        admitted = take_in(
            actor=office.house.actor(Role.OPERATOR),
            file=ContentFile(content),
            filename=filename,
            declared_type="",
            options=IngestOptions(),
        )
    return RunRef(office.tenant_id, admitted.document_id, 1)


def last_action(office: Office, ref: RunRef) -> str:
    """Give the last that the audit log says of a document."""
    with tenant_scope(office.tenant_id):
        return AuditEvent.objects.filter(object_id=ref.document_id).latest("at").action


def kept(office: Office, ref: RunRef, content: bytes) -> bool:
    """Say whether the original is what was sent."""
    with default_storage.open(office.document(ref).blob_key) as file:
        return bool(file.read() == content)


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (broken.noise(9999, head=b"%PDF-1.4\n"), "FAILED", "corrupt"),
        (pdf_bombs.many_pages(), "FAILED", "too_large"),
        (pictures.png_claim(), "FAILED", "too_large"),
        (pdf_bombs.laughs(), "QUARANTINED", "resource_limit"),
    ],
    ids=["noise", "many-pages", "picture-claim", "laughs"],
)
def test_each_ends_typed_and_its_uploader_hears_why(
    idle_plant: Plant, office: Office, content: bytes, status: str, code: str
) -> None:
    """The original is kept, the log tells of the end, and the worker that met it reads the next one."""
    ref = send(office, content, "letter.pdf")
    assert idle_plant.result(ref.workflow_id) == status
    told = office.house.api(Role.OPERATOR).get(f"/v1/documents/{ref.document_id}/status").json()
    assert (told["status"], told["error"]["code"]) == (status, code)
    assert told["error"]["detail"]
    assert last_action(office, ref) == f"document.{status.lower()}"
    assert kept(office, ref, content)
    after = send(office, pdf_deeds.opening(pdf_deeds.SCRIPT), "next.pdf")
    idle_plant.watch.wait_for("assess", after.workflow_id)
    assert office.document(after).status == "IN_REVIEW"


class Deadly(Nursery):
    """Gives children that the kernel ends before they have read a byte, as it does where memory is short."""

    killed = 0

    def take(self) -> Child:
        """Give one that is as good as dead."""
        child = super().take()
        child.process.kill()
        self.killed += 1
        return child


def test_what_kills_every_child_is_locked_away(
    idle_plant: Plant, office: Office, sandboxed: SandboxedPageReader
) -> None:
    """Poison: two attempts of two children each, then a typed end; no child of this process is left."""
    before = own_children()
    sandboxed.nursery = deadly = Deadly(spare=False)
    ref = send(office, pdf_deeds.opening(pdf_deeds.SCRIPT), "poison.pdf")
    assert idle_plant.result(ref.workflow_id) == "QUARANTINED"
    deadly.close()
    assert deadly.killed == 4
    document = office.document(ref)
    assert (document.error_code, document.pages) == ("resource_limit", 0)
    assert last_action(office, ref) == "document.quarantined"
    assert own_children() <= before
