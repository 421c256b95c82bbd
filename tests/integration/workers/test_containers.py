"""Unpacking, step by step: each file one document, whatever is repeated; what is refused leaves nothing behind."""

import gzip
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from ingestion.contracts import RunRef
from ingestion.domain.errors import PolicyViolation, TooLarge
from ingestion.domain.formats.attachments import Letterhead
from ingestion.domain.formats.containers import ContainerLimits, LeftOut, Why
from ingestion.domain.ports import Contents, UnpackOptions
from ingestion.models import Batch, Document, LeftOutFile
from ingestion.services import progress
from ingestion.services.batches import steer_batch
from ingestion.services.erasure import delete_document
from ingestion.services.progress import StaleAttempt
from ingestion.services.reading import begin_run
from ingestion.services.reruns import rerun_document
from ingestion.services.unpacking import admit_child, begin_unpacking, check_room, finish_unpacking
from quality.services.rule_set import Engine
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.tenancy.models import Tenant
from refinery.core.tenancy.roles import Role
from refinery.core.web.live_events import LiveEvent, batch_group, document_group
from refinery.core.webhooks.models import WebhookDelivery
from review.domain.lifecycle import Verdict
from review.services.submit import DocumentMovedOn
from tests.fakes import FakeUnpacker
from tests.integration.workers.conftest import order_of, perform
from tests.reading import boxes
from tests.reading.test_tars import tarred
from tests.workflows.papers import Office
from tests.workflows.readers import OpenUnpacker
from workers.activities.review_steps import DeskActivities
from workers.activities.unpack_container import ContainerActivities
from workers.messages import PasswordWait, ReadOrder

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


@pytest.mark.parametrize("name", ["March.tar", "March.tar.gz"])
def test_a_tar_is_a_batch_too(office: Office, name: str) -> None:
    """Told by its bytes; its files are documents of its batch, with their places."""
    content = tarred({"a.pdf": boxes.PDF, "in/b.txt": b"Dear all"})
    ref = office.send_in(gzip.compress(content) if name.endswith("gz") else content, name)
    begin_run(ref, scan=False)
    assert perform(ContainerActivities(OpenUnpacker()).unpack, ReadOrder(order_of(ref))) == "UNPACKED"
    children = office.children(ref)
    assert [(child.part, child.part_name, child.media_type) for child in children] == [
        (1, "a.pdf", "application/pdf"),
        (2, "in/b.txt", "text/plain"),
    ]
    assert {child.batch_id for child in children} == {office.document(ref).batch_id}


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
        finish_unpacking(ref, old, Contents())
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
    files = FakeUnpacker(FILES).unpack(tmp_path, tmp_path, UnpackOptions("application/zip")).files
    container = begin_unpacking(ref)
    assert container
    with pytest.raises(PolicyViolation):
        check_room(ref, container, files)
    with tenant_scope(office.tenant_id):
        Tenant.objects.update(documents_per_day=4)
    check_room(ref, container, files)


def test_a_run_that_adds_nothing_needs_no_room(office: Office) -> None:
    """The day's documents are used up, and the archive is unpacked again all the same."""
    ref = archive(office)
    unpack(ref)
    with tenant_scope(office.tenant_id):
        Tenant.objects.update(documents_per_day=1)
        rerun_document(actor=office.house.actor(Role.OPERATOR), document_id=ref.document_id)
    assert unpack(RunRef(ref.tenant_id, ref.document_id, 2)) == "UNPACKED"


def test_what_would_be_too_much_for_the_outermost_leaves_nothing_behind(office: Office) -> None:
    ref = archive(office)
    limits = ContainerLimits()
    with tenant_scope(office.tenant_id):
        Document.objects.filter(pk=ref.document_id).update(descendants=limits.entries - 2)
    with pytest.raises(TooLarge):
        unpack(ref)
    assert office.children(ref) == []


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


def left_out(office: Office, ref: RunRef) -> list[tuple[int, str, str]]:
    """Give what the container's record tells of."""
    with tenant_scope(office.tenant_id):
        rows = LeftOutFile.objects.filter(document_id=ref.document_id).order_by("part")
        return list(rows.values_list("part", "name", "why"))


def test_what_becomes_no_document_is_told_on_the_record(office: Office) -> None:
    """Once, however often it is unpacked; a later run that finds less left out tells less."""
    ref = archive(office)
    litter, damaged = LeftOut(4, "x/.DS_Store", Why.LITTER), LeftOut(5, "c\u202efdp.exe", Why.DAMAGED)
    unpack(ref, FakeUnpacker(FILES, left_out=(litter, damaged)))
    assert left_out(office, ref) == [(4, "x/.DS_Store", "litter"), (5, "cfdp.exe", "damaged")]
    with tenant_scope(office.tenant_id):
        rerun_document(actor=office.house.actor(Role.OPERATOR), document_id=ref.document_id)
    unpack(RunRef(ref.tenant_id, ref.document_id, 2), FakeUnpacker(FILES, left_out=(litter,)))
    assert left_out(office, ref) == [(4, "x/.DS_Store", "litter")]


def test_what_was_erased_does_not_come_back(office: Office) -> None:
    """Its bytes are still in the archive; the record says that it is gone, and not what it was called."""
    ref = archive(office)
    unpack(ref)
    gone = office.children(ref)[1]
    with tenant_scope(office.tenant_id):
        delete_document(actor=office.house.actor(Role.MANAGER), document_id=gone.id)
        rerun_document(actor=office.house.actor(Role.OPERATOR), document_id=ref.document_id)
    unpack(RunRef(ref.tenant_id, ref.document_id, 2))
    assert [child.part for child in office.children(ref)] == [1, 3]
    assert left_out(office, ref) == [(2, "", "erased")]


def test_a_part_of_its_own_pages_is_no_part_of_what_it_holds(office: Office) -> None:
    """A PDF may be split and hold files as well: both count from one, and neither stands for the other."""
    pdf = office.upload("with files")
    with tenant_scope(office.tenant_id):
        parent = Document.objects.get(pk=pdf.document_id)
        twin = Document.objects.create(
            tenant_id=office.tenant_id, filename="1-2.pdf", sha256=parent.sha256, size=1, blob_key=parent.blob_key,
            media_type="application/pdf", parent=parent, part=2, parent_pages=[1, 2],
        )  # fmt: skip
        Document.objects.filter(pk=pdf.document_id).update(status="ASSESSING")
    unpack(pdf)
    held = [child for child in office.children(pdf) if child.parent_pages is None]
    assert [child.part for child in held] == [1, 2, 3]
    with tenant_scope(office.tenant_id):
        delete_document(actor=office.house.actor(Role.MANAGER), document_id=twin.id)
    assert left_out(office, pdf) == []


def test_a_nested_archive_outlives_the_one_around_it(office: Office) -> None:
    """Erased in the middle of all: what is in the inner one still comes out."""
    ref = archive(office)
    unpack(ref, FakeUnpacker({"inner.zip": boxes.zipped({"a.pdf": boxes.PDF})}))
    inner = RunRef(ref.tenant_id, office.children(ref)[0].id, 1)
    begin_run(inner, scan=False)
    container = begin_unpacking(inner)
    assert container
    office.erase(ref)
    check_room(inner, container, ())
    assert unpack(inner) == "UNPACKED"
    assert len(office.children(inner)) == 3


def test_a_mail_tells_who_wrote_it(office: Office) -> None:
    mail = office.send_in(boxes.mail("Hello").as_bytes(), "hello.eml")
    begin_run(mail, scan=False)
    head = Letterhead("Ann <ann@example.org>", "desk@example.com", "", "S" * 3000, "2026-03-03T10:00:00+00:00")
    unpack(mail, FakeUnpacker(FILES, letterhead=head))
    said = office.document(mail).letterhead
    assert said
    assert (said["sender"], said["subject"], said["sent"]) == (head.sender, "S" * 1000, head.sent)


def test_who_watches_the_parent_hears_of_its_children(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a type of their own: the parent's own status is told by its own events alone."""
    ref = archive(office)
    heard: list[tuple[LiveEvent, tuple[str, ...]]] = []
    monkeypatch.setattr(progress, "announce", lambda event, *groups: heard.append((event, groups)))
    unpack(ref)
    children = [str(child.id) for child in office.children(ref)]
    events = [event for event, groups in heard if document_group(ref.document_id) in groups]
    assert [event.id for event in events if event.type == "child.status"] == children
    assert [event.status for event in events if event.type == "document.status"] == ["UNPACKED"]
    batch_id = office.document(ref).batch_id
    assert batch_id
    told = [
        event.id for event, groups in heard if batch_group(batch_id) in groups and event.type != "child.status"
    ]
    assert set(children) < set(told)


def test_a_receiver_is_told_of_the_container_and_of_its_files(office: Office) -> None:
    ref = archive(office, webhook_url="https://receiver.example/hook")
    unpack(ref)
    with tenant_scope(office.tenant_id):
        (told,) = WebhookDelivery.objects.all()
    said = told.payload["data"]
    assert (said["status"], said["children"], said["parent"]) == ("UNPACKED", 3, None)
    child = office.children(ref)[2]
    assert child.webhook_url == "https://receiver.example/hook"


def test_an_archive_whose_password_nobody_knows_can_be_rejected(
    office: Office, engine: Engine, settings: Settings
) -> None:
    """Not approved, for nobody has seen it; taken back, it waits for its password again."""
    settings.UNDO_GRACE_SECONDS = 30
    ref = office.send_in(boxes.locked({"a.pdf": boxes.PDF}, "sesame"), "March.zip")
    begin_run(ref, scan=False)
    perform(DeskActivities(engine).ask_for_password, PasswordWait(order_of(ref)))
    with pytest.raises(DocumentMovedOn):
        office.decide(ref)
    task_id = office.decide(ref, Verdict.REJECT)
    assert office.document(ref).status == "REJECTED"
    office.undo(task_id)
    assert office.document(ref).status == "NEEDS_PASSWORD"
    office.give_password(ref, "sesame")


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
