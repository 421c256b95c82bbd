"""Unpacking: each contained file becomes one document despite retries; refused files leave nothing behind."""

import gzip
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from ingestion.contracts import RunRef
from ingestion.domain.errors import PolicyViolation, TooLarge
from ingestion.domain.formats.attachments import MailHeaders
from ingestion.domain.formats.containers import ContainerLimits, SkippedFile, SkipReason
from ingestion.domain.ports import ContainerContents, UnpackOptions
from ingestion.models import Batch, Document, SkippedContainerFile
from ingestion.services import progress
from ingestion.services.batches import control_batch
from ingestion.services.erasure import delete_document
from ingestion.services.progress import StaleAttempt
from ingestion.services.reading import begin_run
from ingestion.services.reruns import rerun_document
from ingestion.services.unpacking import (
    begin_unpacking,
    check_container_limits,
    create_contained_document,
    finish_unpacking,
)
from quality.services.rule_set import AssessmentConfig
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.tenancy.models import Tenant
from refinery.core.tenancy.roles import Role
from refinery.core.web.live_events import LiveEvent, batch_group, document_group
from refinery.core.webhooks.models import WebhookDelivery
from review.domain.lifecycle import ReviewVerdict
from review.services.submit import DocumentNotInReview
from tests.integration.workers.activity_steps import document_input, run_activity
from tests.support import container_files
from tests.support.fakes import FakeUnpacker
from tests.support.ingest_harness import IngestHarness
from tests.support.text_reader import InProcessUnpacker
from tests.unit.ingestion.adapters.formats.test_tar import tar_archive
from workers.activities.review_steps import HumanTaskActivities
from workers.activities.unpack_container import ContainerActivities
from workers.messages import OriginalInput, PasswordWaitInput

FILES = {"2026/march/a.pdf": b"%PDF-1.7\na", "b.png": b"\x89PNG\r\n\x1a\nb", "setup.exe": b"MZ"}


def begin_archive(ingest: IngestHarness, **options: object) -> RunRef:
    """Process an archive up to its unpacking."""
    ref = ingest.upload_bytes(container_files.zipped({"a.pdf": container_files.PDF}), "March.zip", **options)
    begin_run(ref, scan=False)
    return ref


def unpack(ref: RunRef, unpacker: FakeUnpacker | None = None) -> str:
    """Run the activity once."""
    steps = ContainerActivities(unpacker or FakeUnpacker(FILES))
    answer: str = run_activity(steps.unpack, OriginalInput(document_input(ref)))
    return answer


def test_unpack_zip_creates_documents_in_batch(ingest: IngestHarness) -> None:
    ref = begin_archive(ingest, priority=3, metadata={"po": "7"}, external_id="E-1")
    assert unpack(ref) == "UNPACKED"
    parent = ingest.document(ref)
    assert (parent.status, parent.attachments, parent.descendants) == ("UNPACKED", 3, 3)
    children = ingest.children(ref)
    assert [(child.part, child.filename, child.part_name) for child in children] == [
        (1, "a.pdf", "2026/march/a.pdf"),
        (2, "b.png", "b.png"),
        (3, "setup.exe", "setup.exe"),
    ]
    assert {child.media_type for child in children} == {"application/pdf", "image/png", "application/octet-stream"}
    first = children[0]
    assert (first.batch_id, first.priority, first.metadata, first.depth) == (parent.batch_id, 3, {"po": "7"}, 1)
    assert (first.external_id, first.schema_key, first.status) == ("", "", "RECEIVED")
    with tenant_scope(ingest.tenant_id):
        assert Batch.objects.get().name == "March.zip"
        starts = set(OutboxMessage.objects.filter(topic="workflow.start").values_list("key", flat=True))
    assert starts == {f"doc/{row.id}/1" for row in (parent, *children)}


@pytest.mark.parametrize("name", ["March.tar", "March.tar.gz"])
def test_unpack_tar_creates_documents_in_batch(ingest: IngestHarness, name: str) -> None:
    """Recognised by content; its files become documents of its batch, with their paths."""
    content = tar_archive({"a.pdf": container_files.PDF, "in/b.txt": b"Dear all"})
    ref = ingest.upload_bytes(gzip.compress(content) if name.endswith("gz") else content, name)
    begin_run(ref, scan=False)
    assert (
        run_activity(ContainerActivities(InProcessUnpacker()).unpack, OriginalInput(document_input(ref))) == "UNPACKED"
    )
    children = ingest.children(ref)
    assert [(child.part, child.part_name, child.media_type) for child in children] == [
        (1, "a.pdf", "application/pdf"),
        (2, "in/b.txt", "text/plain"),
    ]
    assert {child.batch_id for child in children} == {ingest.document(ref).batch_id}


def test_unpack_twice_adds_nothing(ingest: IngestHarness) -> None:
    ref = begin_archive(ingest, webhook_url="https://receiver.example/hook")
    unpack(ref)
    before = {child.id for child in ingest.children(ref)}
    assert unpack(ref) == "UNPACKED"
    with tenant_scope(ingest.tenant_id):
        rerun_document(actor=ingest.tenant.actor(Role.OPERATOR), document_id=ref.document_id)
    again = RunRef(ref.tenant_id, ref.document_id, 2)
    assert unpack(again) == "UNPACKED"
    assert {child.id for child in ingest.children(ref)} == before
    assert ingest.document(ref).descendants == 3
    with tenant_scope(ingest.tenant_id):
        assert AuditEvent.objects.filter(action="document.received").count() == 4
        assert WebhookDelivery.objects.count() == 2  # the ends of the first and the second run


def test_admit_with_old_fence_is_refused(ingest: IngestHarness, tmp_path: Path) -> None:
    ref = begin_archive(ingest)
    file = FakeUnpacker(FILES).write_file(2, tmp_path)
    old = begin_unpacking(ref)
    assert old
    assert begin_unpacking(ref)
    with pytest.raises(StaleAttempt):
        create_contained_document(ref, old, file)
    with pytest.raises(StaleAttempt):
        finish_unpacking(ref, old, ContainerContents())
    assert ingest.children(ref) == []


def test_child_position_is_unique_in_parent(ingest: IngestHarness) -> None:
    ref = begin_archive(ingest)
    unpack(ref)
    child = ingest.children(ref)[0]
    with tenant_scope(ingest.tenant_id), pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(parent_id=ref.document_id, part=2).update(part=child.part)
    with tenant_scope(ingest.tenant_id), pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=child.pk).update(depth=6)


def test_same_bytes_in_two_places_are_two_documents(ingest: IngestHarness) -> None:
    """The same file in two places is two documents; the duplicate check reports them."""
    first = ingest.upload_bytes(FILES["b.png"], "b.png")
    ref = begin_archive(ingest)
    unpack(ref, FakeUnpacker({"b.png": FILES["b.png"], "copy.png": FILES["b.png"]}))
    children = ingest.children(ref)
    assert len({first.document_id, *(child.id for child in children)}) == 3
    assert len({child.blob_key for child in children} | {ingest.document(first).blob_key}) == 1


@pytest.mark.parametrize("failure", [PolicyViolation("no"), TooLarge("no")])
def test_refused_container_leaves_no_children(ingest: IngestHarness, failure: PolicyViolation | TooLarge) -> None:
    ref = begin_archive(ingest)
    with pytest.raises(type(failure)):
        unpack(ref, FakeUnpacker(failure=failure))
    assert ingest.children(ref) == []


def test_unpack_above_daily_limit_is_refused_before_first_file(ingest: IngestHarness, tmp_path: Path) -> None:
    ref = begin_archive(ingest)
    with tenant_scope(ingest.tenant_id):
        Tenant.objects.update(documents_per_day=3)
    files = FakeUnpacker(FILES).unpack(tmp_path, tmp_path, UnpackOptions("application/zip")).files
    container = begin_unpacking(ref)
    assert container
    with pytest.raises(PolicyViolation):
        check_container_limits(ref, container, files)
    with tenant_scope(ingest.tenant_id):
        Tenant.objects.update(documents_per_day=4)
    check_container_limits(ref, container, files)


def test_rerun_that_adds_nothing_needs_no_daily_quota(ingest: IngestHarness) -> None:
    """The daily quota is used up, but the archive is unpacked again."""
    ref = begin_archive(ingest)
    unpack(ref)
    with tenant_scope(ingest.tenant_id):
        Tenant.objects.update(documents_per_day=1)
        rerun_document(actor=ingest.tenant.actor(Role.OPERATOR), document_id=ref.document_id)
    assert unpack(RunRef(ref.tenant_id, ref.document_id, 2)) == "UNPACKED"


def test_limit_of_outermost_container_leaves_nothing(ingest: IngestHarness) -> None:
    ref = begin_archive(ingest)
    limits = ContainerLimits()
    with tenant_scope(ingest.tenant_id):
        Document.objects.filter(pk=ref.document_id).update(descendants=limits.entries - 2)
    with pytest.raises(TooLarge):
        unpack(ref)
    assert ingest.children(ref) == []


def test_nested_files_count_against_outermost_container(ingest: IngestHarness, tmp_path: Path) -> None:
    ref = begin_archive(ingest)
    unpack(ref, FakeUnpacker({"inner.zip": container_files.zipped({"a.pdf": container_files.PDF})}))
    inner = RunRef(ref.tenant_id, ingest.children(ref)[0].id, 1)
    begin_run(inner, scan=False)
    container = begin_unpacking(inner)
    assert container
    assert (container.root, container.depth) == (ref.document_id, 1)
    file = FakeUnpacker(FILES).write_file(2, tmp_path)
    limits = ContainerLimits()
    with tenant_scope(ingest.tenant_id):
        Document.objects.filter(pk=ref.document_id).update(descendants=limits.entries)
    with pytest.raises(TooLarge):
        create_contained_document(inner, container, file)
    with tenant_scope(ingest.tenant_id):
        Document.objects.filter(pk=ref.document_id).update(
            descendants=1, descendant_bytes=limits.total_bytes - file.size + 1
        )
    with pytest.raises(TooLarge):
        create_contained_document(inner, container, file)
    with tenant_scope(ingest.tenant_id):
        Document.objects.filter(pk=ref.document_id).update(descendant_bytes=limits.total_bytes - file.size)
    create_contained_document(inner, container, file)
    assert [child.depth for child in ingest.children(inner)] == [2]


def test_files_of_paused_batch_wait(ingest: IngestHarness) -> None:
    ref = begin_archive(ingest)
    actor, batch_id = ingest.tenant.actor(Role.OPERATOR), ingest.document(ref).batch_id
    assert batch_id
    with tenant_scope(ingest.tenant_id):
        control_batch(actor=actor, batch_id=batch_id, action="pause")
    unpack(ref)
    assert {child.stage for child in ingest.children(ref)} == {"held"}
    with tenant_scope(ingest.tenant_id):
        control_batch(actor=actor, batch_id=batch_id, action="resume")
    assert {child.stage for child in ingest.children(ref)} == {"queued"}


def test_files_of_cancelled_batch_never_start(ingest: IngestHarness) -> None:
    ref = begin_archive(ingest)
    batch_id = ingest.document(ref).batch_id
    assert batch_id
    with tenant_scope(ingest.tenant_id):
        control_batch(actor=ingest.tenant.actor(Role.OPERATOR), batch_id=batch_id, action="cancel")
    unpack(ref)
    assert {child.stage for child in ingest.children(ref)} == {"cancelled"}


def test_erased_container_keeps_its_children(ingest: IngestHarness) -> None:
    """Children are independent documents and may already be decided."""
    ref = begin_archive(ingest)
    unpack(ref)
    children = {child.id for child in ingest.children(ref)}
    with tenant_scope(ingest.tenant_id):
        delete_document(actor=ingest.tenant.actor(Role.MANAGER), document_id=ref.document_id)
        assert set(Document.objects.values_list("id", flat=True)) == children


def skipped_files(ingest: IngestHarness, ref: RunRef) -> list[tuple[int, str, str]]:
    """Return the skipped files of the container's record."""
    with tenant_scope(ingest.tenant_id):
        rows = SkippedContainerFile.objects.filter(document_id=ref.document_id).order_by("part")
        return list(rows.values_list("part", "name", "reason"))


def test_skipped_files_are_recorded_once(ingest: IngestHarness) -> None:
    """Once, despite repeated unpacking; a later run that skips fewer files records fewer."""
    ref = begin_archive(ingest)
    litter, damaged = (
        SkippedFile(4, "x/.DS_Store", SkipReason.LITTER),
        SkippedFile(5, "c\u202efdp.exe", SkipReason.DAMAGED),
    )
    unpack(ref, FakeUnpacker(FILES, skipped_files=(litter, damaged)))
    assert skipped_files(ingest, ref) == [(4, "x/.DS_Store", "litter"), (5, "cfdp.exe", "damaged")]
    with tenant_scope(ingest.tenant_id):
        rerun_document(actor=ingest.tenant.actor(Role.OPERATOR), document_id=ref.document_id)
    unpack(RunRef(ref.tenant_id, ref.document_id, 2), FakeUnpacker(FILES, skipped_files=(litter,)))
    assert skipped_files(ingest, ref) == [(4, "x/.DS_Store", "litter")]


def test_erased_child_is_not_created_again(ingest: IngestHarness) -> None:
    """Its bytes are still in the archive; the record says that it was erased, without its name."""
    ref = begin_archive(ingest)
    unpack(ref)
    gone = ingest.children(ref)[1]
    with tenant_scope(ingest.tenant_id):
        delete_document(actor=ingest.tenant.actor(Role.MANAGER), document_id=gone.id)
        rerun_document(actor=ingest.tenant.actor(Role.OPERATOR), document_id=ref.document_id)
    unpack(RunRef(ref.tenant_id, ref.document_id, 2))
    assert [child.part for child in ingest.children(ref)] == [1, 3]
    assert skipped_files(ingest, ref) == [(2, "", "erased")]


def test_split_children_and_contained_files_are_numbered_separately(ingest: IngestHarness) -> None:
    """A split PDF can also have attachments: both are numbered from one, without mixing them up."""
    pdf = ingest.upload("with files")
    with tenant_scope(ingest.tenant_id):
        parent = Document.objects.get(pk=pdf.document_id)
        twin = Document.objects.create(
            tenant_id=ingest.tenant_id,
            filename="1-2.pdf",
            sha256=parent.sha256,
            size=1,
            blob_key=parent.blob_key,
            media_type="application/pdf",
            parent=parent,
            part=2,
            parent_pages=[1, 2],
        )
        Document.objects.filter(pk=pdf.document_id).update(status="ASSESSING")
    unpack(pdf)
    held = [child for child in ingest.children(pdf) if child.parent_pages is None]
    assert [child.part for child in held] == [1, 2, 3]
    with tenant_scope(ingest.tenant_id):
        delete_document(actor=ingest.tenant.actor(Role.MANAGER), document_id=twin.id)
    assert skipped_files(ingest, pdf) == []


def test_nested_container_continues_after_outer_is_erased(ingest: IngestHarness) -> None:
    """The outer container is erased meanwhile; the files of the inner one are still unpacked."""
    ref = begin_archive(ingest)
    unpack(ref, FakeUnpacker({"inner.zip": container_files.zipped({"a.pdf": container_files.PDF})}))
    inner = RunRef(ref.tenant_id, ingest.children(ref)[0].id, 1)
    begin_run(inner, scan=False)
    container = begin_unpacking(inner)
    assert container
    ingest.erase(ref)
    check_container_limits(inner, container, ())
    assert unpack(inner) == "UNPACKED"
    assert len(ingest.children(inner)) == 3


def test_mail_headers_are_stored(ingest: IngestHarness) -> None:
    mail = ingest.upload_bytes(container_files.mail_with_files("Hello").as_bytes(), "hello.eml")
    begin_run(mail, scan=False)
    head = MailHeaders("Ann <ann@example.org>", "desk@example.com", "", "S" * 3000, "2026-03-03T10:00:00+00:00")
    unpack(mail, FakeUnpacker(FILES, mail_headers=head))
    said = ingest.document(mail).mail_headers
    assert said
    assert (said["sender"], said["subject"], said["sent"]) == (head.sender, "S" * 1000, head.sent)


def test_live_events_of_children_reach_parent_group(ingest: IngestHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    """They have a separate type: only its own events report the parent's status."""
    ref = begin_archive(ingest)
    heard: list[tuple[LiveEvent, tuple[str, ...]]] = []
    monkeypatch.setattr(progress, "announce", lambda event, *groups: heard.append((event, groups)))
    unpack(ref)
    children = [str(child.id) for child in ingest.children(ref)]
    events = [event for event, groups in heard if document_group(ref.document_id) in groups]
    assert [event.id for event in events if event.type == "child.status"] == children
    assert [event.status for event in events if event.type == "document.status"] == ["UNPACKED"]
    batch_id = ingest.document(ref).batch_id
    assert batch_id
    of_batch = [event.id for event, groups in heard if batch_group(batch_id) in groups and event.type != "child.status"]
    assert set(children) < set(of_batch)


def test_webhook_reports_container_and_its_files(ingest: IngestHarness) -> None:
    ref = begin_archive(ingest, webhook_url="https://receiver.example/hook")
    unpack(ref)
    with tenant_scope(ingest.tenant_id):
        (delivery,) = WebhookDelivery.objects.all()
    said = delivery.payload["data"]
    assert (said["status"], said["children"], said["parent"]) == ("UNPACKED", 3, None)
    child = ingest.children(ref)[2]
    assert child.webhook_url == "https://receiver.example/hook"


def test_encrypted_archive_can_be_rejected_but_not_approved(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, settings: Settings
) -> None:
    """Not approved, because it was never read; after an undo it waits for its password again."""
    settings.UNDO_GRACE_SECONDS = 30
    ref = ingest.upload_bytes(container_files.encrypted_zip({"a.pdf": container_files.PDF}, "sesame"), "March.zip")
    begin_run(ref, scan=False)
    run_activity(HumanTaskActivities(assessment_engine).request_password, PasswordWaitInput(document_input(ref)))
    with pytest.raises(DocumentNotInReview):
        ingest.decide(ref)
    task_id = ingest.decide(ref, ReviewVerdict.REJECT)
    assert ingest.document(ref).status == "REJECTED"
    ingest.undo(task_id)
    assert ingest.document(ref).status == "NEEDS_PASSWORD"
    ingest.give_password(ref, "sesame")


def test_mail_continues_to_reading_and_pdf_to_assessment(ingest: IngestHarness) -> None:
    mail = ingest.upload_bytes(container_files.mail_with_files("Hello").as_bytes(), "hello.eml")
    begin_run(mail, scan=False)
    assert unpack(mail) == "READING"
    assert ingest.document(mail).attachments == 3
    pdf = ingest.upload("with files")
    with tenant_scope(ingest.tenant_id):
        Document.objects.filter(pk=pdf.document_id).update(status="ASSESSING")
    assert unpack(pdf) == "ASSESSING"
    assert len(ingest.children(pdf)) == 3
