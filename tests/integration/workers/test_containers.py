"""Unpacking, step by step: each file one document, whatever is repeated; what is refused leaves nothing behind."""

from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from ingestion.contracts import RunRef
from ingestion.domain.containers import ContainerLimits
from ingestion.domain.errors import PolicyViolation, TooLarge
from ingestion.domain.ports import UnpackOptions
from ingestion.models import Batch, Document
from ingestion.services.batches import steer_batch
from ingestion.services.containers import admit_child, begin_unpacking, check_room, finish_unpacking
from ingestion.services.erasure import delete_document
from ingestion.services.progress import StaleAttempt
from ingestion.services.reading import begin_run
from ingestion.services.reruns import rerun_document
from refinery.audit.models import AuditEvent
from refinery.database.scope import tenant_scope
from refinery.outbox.models import OutboxMessage
from refinery.tenancy.models import Tenant
from refinery.tenancy.roles import Role
from refinery.webhooks.models import WebhookDelivery
from tests.fakes import FakeUnpacker
from tests.integration.workers.conftest import order_of, perform
from tests.reading import boxes
from tests.workflows.papers import Office
from workers.activities.containers import ContainerActivities
from workers.messages import ReadOrder

FILES = {"2026/march/a.pdf": b"%PDF-1.7\na", "b.png": b"\x89PNG\r\n\x1a\nb", "setup.exe": b"MZ"}


def archive(office: Office, **options: object) -> RunRef:
    """Bring an archive as far as its unpacking."""
    ref = office.send_in(boxes.zipped({"a.pdf": boxes.PDF}), "March.zip", **options)
    begin_run(ref, scan=False)
    return ref


def unpack(ref: RunRef, unpacker: FakeUnpacker | None = None) -> str:
    """Run the activity once."""
    steps = ContainerActivities(unpacker or FakeUnpacker(FILES))
    answer: str = perform(steps.unpack, ReadOrder(order_of(ref)))
    return answer


def test_an_archive_is_unpacked_into_documents_of_its_batch(office: Office) -> None:
    ref = archive(office, priority=3, metadata={"po": "7"}, external_id="E-1")
    assert unpack(ref) == "UNPACKED"
    parent = office.document(ref)
    assert (parent.status, parent.attachments, parent.descendants) == ("UNPACKED", 3, 3)
    children = office.children(ref)
    assert [(child.part, child.filename, child.part_name) for child in children] == [
        (1, "a.pdf", "2026/march/a.pdf"),
        (2, "b.png", "b.png"),
        (3, "setup.exe", "setup.exe"),
    ]
    assert {child.media_type for child in children} == {"application/pdf", "image/png", "application/octet-stream"}
    first = children[0]
    assert (first.batch_id, first.priority, first.metadata, first.depth) == (parent.batch_id, 3, {"po": "7"}, 1)
    assert (first.external_id, first.schema_key, first.status) == ("", "", "RECEIVED")
    with tenant_scope(office.tenant_id):
        assert Batch.objects.get().name == "March.zip"
        starts = set(OutboxMessage.objects.filter(topic="workflow.start").values_list("key", flat=True))
    assert starts == {f"doc/{row.id}/1" for row in (parent, *children)}


def test_a_repetition_adds_nothing(office: Office) -> None:
    ref = archive(office, webhook_url="https://receiver.example/hook")
    unpack(ref)
    before = {child.id for child in office.children(ref)}
    assert unpack(ref) == "UNPACKED"
    with tenant_scope(office.tenant_id):
        rerun_document(actor=office.house.actor(Role.OPERATOR), document_id=ref.document_id)
    again = RunRef(ref.tenant_id, ref.document_id, 2)
    assert unpack(again) == "UNPACKED"
    assert {child.id for child in office.children(ref)} == before
    assert office.document(ref).descendants == 3
    with tenant_scope(office.tenant_id):
        assert AuditEvent.objects.filter(action="document.received").count() == 4
        assert WebhookDelivery.objects.count() == 2  # the end of the first run, and of the second


def test_an_attempt_that_was_given_up_writes_no_more(office: Office, tmp_path: Path) -> None:
    ref = archive(office)
    file = FakeUnpacker(FILES).file(2, tmp_path)
    old = begin_unpacking(ref)
    assert old
    assert begin_unpacking(ref)
    with pytest.raises(StaleAttempt):
        admit_child(ref, old, file)
    with pytest.raises(StaleAttempt):
        finish_unpacking(ref, old, 1)
    assert office.children(ref) == []


def test_a_place_in_a_parent_is_taken_once(office: Office) -> None:
    ref = archive(office)
    unpack(ref)
    child = office.children(ref)[0]
    with tenant_scope(office.tenant_id), pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(parent_id=ref.document_id, part=2).update(part=child.part)
    with tenant_scope(office.tenant_id), pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=child.pk).update(depth=6)


def test_the_same_bytes_are_a_document_in_each_place(office: Office) -> None:
    """The same file from two places is two facts; the check for duplicates tells people of it."""
    first = office.send_in(FILES["b.png"], "b.png")
    ref = archive(office)
    unpack(ref, FakeUnpacker({"b.png": FILES["b.png"], "copy.png": FILES["b.png"]}))
    children = office.children(ref)
    assert len({first.document_id, *(child.id for child in children)}) == 3
    assert len({child.blob_key for child in children} | {office.document(first).blob_key}) == 1


@pytest.mark.parametrize("failure", [PolicyViolation("no"), TooLarge("no")])
def test_what_is_refused_leaves_no_child(office: Office, failure: PolicyViolation | TooLarge) -> None:
    ref = archive(office)
    with pytest.raises(type(failure)):
        unpack(ref, FakeUnpacker(failure=failure))
    assert office.children(ref) == []


def test_more_files_than_are_left_for_today_are_refused_before_the_first(office: Office, tmp_path: Path) -> None:
    ref = archive(office)
    with tenant_scope(office.tenant_id):
        Tenant.objects.update(documents_per_day=3)
    files = FakeUnpacker(FILES).unpack(tmp_path, tmp_path, UnpackOptions("application/zip"))
    with pytest.raises(PolicyViolation):
        check_room(ref, files)
    with tenant_scope(office.tenant_id):
        Tenant.objects.update(documents_per_day=4)
    check_room(ref, files)


def test_what_comes_out_of_nested_containers_counts_against_the_outermost(office: Office, tmp_path: Path) -> None:
    ref = archive(office)
    unpack(ref, FakeUnpacker({"inner.zip": boxes.zipped({"a.pdf": boxes.PDF})}))
    inner = RunRef(ref.tenant_id, office.children(ref)[0].id, 1)
    begin_run(inner, scan=False)
    container = begin_unpacking(inner)
    assert container
    assert (container.root, container.depth) == (ref.document_id, 1)
    file = FakeUnpacker(FILES).file(2, tmp_path)
    limits = ContainerLimits()
    with tenant_scope(office.tenant_id):
        Document.objects.filter(pk=ref.document_id).update(descendants=limits.entries)
    with pytest.raises(TooLarge):
        admit_child(inner, container, file)
    with tenant_scope(office.tenant_id):
        Document.objects.filter(pk=ref.document_id).update(
            descendants=1, descendant_bytes=limits.total_bytes - file.size + 1
        )
    with pytest.raises(TooLarge):
        admit_child(inner, container, file)
    with tenant_scope(office.tenant_id):
        Document.objects.filter(pk=ref.document_id).update(descendant_bytes=limits.total_bytes - file.size)
    admit_child(inner, container, file)
    assert [child.depth for child in office.children(inner)] == [2]


def test_files_of_a_paused_batch_wait_with_it(office: Office) -> None:
    ref = archive(office)
    actor, batch_id = office.house.actor(Role.OPERATOR), office.document(ref).batch_id
    assert batch_id
    with tenant_scope(office.tenant_id):
        steer_batch(actor=actor, batch_id=batch_id, verb="pause")
    unpack(ref)
    assert {child.stage for child in office.children(ref)} == {"held"}
    with tenant_scope(office.tenant_id):
        steer_batch(actor=actor, batch_id=batch_id, verb="resume")
    assert {child.stage for child in office.children(ref)} == {"queued"}


def test_files_of_a_cancelled_batch_never_start(office: Office) -> None:
    ref = archive(office)
    batch_id = office.document(ref).batch_id
    assert batch_id
    with tenant_scope(office.tenant_id):
        steer_batch(actor=office.house.actor(Role.OPERATOR), batch_id=batch_id, verb="cancel")
    unpack(ref)
    assert {child.stage for child in office.children(ref)} == {"cancelled"}


def test_an_erased_archive_leaves_its_files(office: Office) -> None:
    """They are documents of their own, and may be decided upon by now."""
    ref = archive(office)
    unpack(ref)
    children = {child.id for child in office.children(ref)}
    with tenant_scope(office.tenant_id):
        delete_document(actor=office.house.actor(Role.MANAGER), document_id=ref.document_id)
        assert set(Document.objects.values_list("id", flat=True)) == children


def test_a_mail_goes_on_to_be_read_and_a_pdf_to_be_judged(office: Office) -> None:
    mail = office.send_in(boxes.mail("Hello").as_bytes(), "hello.eml")
    begin_run(mail, scan=False)
    assert unpack(mail) == "READING"
    assert office.document(mail).attachments == 3
    pdf = office.upload("with files")
    with tenant_scope(office.tenant_id):
        Document.objects.filter(pk=pdf.document_id).update(status="ASSESSING")
    assert unpack(pdf) == "ASSESSING"
    assert len(office.children(pdf)) == 3
