"""A document read again by other means: beside what stands, until someone has seen the differences and chosen."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.storage import default_storage
from pytest_django import DjangoCaptureOnCommitCallbacks

from ingestion.contracts import RunRef
from ingestion.domain.errors import NeedsPassword, ResourceLimit, WrongPassword
from ingestion.domain.lifecycle import InvalidMove
from ingestion.domain.ports import ReadingOptions, ReadPage
from ingestion.models import Document, Field, Page
from ingestion.services.progress import StaleAttempt
from ingestion.services.reading import begin_run
from ingestion.services.reruns import rerun_document
from quality.models import TrainingExample
from quality.services.rule_set import Engine
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.tenancy.actor import NotAllowed
from refinery.core.tenancy.roles import Role
from refinery.core.web.sealed_secrets import seal
from review.contracts import FieldEdit, Means
from review.domain.lifecycle import Verdict
from review.models import Rereading, ReviewTask
from review.selectors.reprocessings import Comparison, comparison_of, page_diff
from review.services import reprocessings
from review.services.claims import claim_task
from review.services.reprocessing_steps import begin_candidate, store_candidate_page
from review.services.reprocessings import (
    InReview,
    RereadingOver,
    RereadingUnderWay,
    TooManyRereadings,
    apply_rereading,
    ask_many,
    ask_rereading,
    drop_rereading,
)
from tests.integration.workers.conftest import order_of, perform
from tests.integration.workers.conftest import read as read_first
from tests.workflows.papers import INVOICE, Office
from tests.workflows.readers import TextReader
from workers.activities.document_steps import DocumentActivities
from workers.activities.read_pages import ReadingActivities
from workers.activities.reprocess_document import CandidateActivities, CandidateRecords
from workers.messages import CandidateFailure, CandidateOrder, PagesRead, ReadOrder

PAPER = f"{INVOICE}\fsecond page with seven words on it"
THOROUGH = Means("thorough")


class OtherReader(TextReader):
    """Reads a total and a word otherwise where it is asked to be thorough, as another engine would."""

    thorough = False
    opened = 0

    def read(self, source: Path, folder: Path, options: ReadingOptions) -> Iterator[ReadPage]:
        """Note how it is asked."""
        self.thorough, self.opened = options.mode == "thorough", self.opened + 1
        yield from super().read(source, folder, options)

    def page(self, number: int, total: int, text: str, folder: Path) -> ReadPage:
        """Read one page."""
        if self.thorough:
            text = text.replace("INV-2041", "INV-2047").replace("seven", "eleven")
        return super().page(number, total, text, folder)


@pytest.fixture
def reader() -> OtherReader:
    """The reader of a test."""
    return OtherReader()


@pytest.fixture
def ref(office: Office, engine: Engine) -> RunRef:
    """A document that was read, judged and sent to a reviewer."""
    return read_first(office, PAPER, engine)


def ask(office: Office, ref: RunRef, means: Means = THOROUGH) -> Rereading:
    """Ask as an operator."""
    with tenant_scope(office.tenant_id):
        return ask_rereading(actor=office.house.actor(Role.OPERATOR), document_id=ref.document_id, means=means)


def order(row: Rereading) -> CandidateOrder:
    """Give what travels."""
    return CandidateOrder(str(row.tenant_id), str(row.id))


def candidate(office: Office, ref: RunRef, reader: TextReader, means: Means = THOROUGH) -> Rereading:
    """Ask, read and weigh."""
    row = ask(office, ref, means)
    perform(CandidateActivities(reader).read_candidate, order(row))
    assert perform(CandidateRecords().weigh_candidate, order(row)) == "ready"
    return row


def comparison(office: Office, ref: RunRef, row: Rereading) -> Comparison:
    """See it as a viewer does."""
    with tenant_scope(office.tenant_id):
        return comparison_of(office.house.actor(Role.VIEWER), ref.document_id, row.id)


def take(office: Office, ref: RunRef, row: Rereading) -> RunRef:
    """Apply it as an operator."""
    with tenant_scope(office.tenant_id):
        actor = office.house.actor(Role.OPERATOR)
        document = apply_rereading(actor=actor, document_id=ref.document_id, rereading_id=row.id)
    return RunRef(ref.tenant_id, document.id, document.run)


def values(office: Office, ref: RunRef) -> dict[str, tuple[str, str]]:
    """Give the fields of a run with who spoke last."""
    with tenant_scope(office.tenant_id):
        rows = Field.objects.filter(document_id=ref.document_id, run=ref.run)
        return {row.name: (row.value, row.human) for row in rows}


CORRECTED = (Verdict.APPROVE, FieldEdit("invoice_number", "INV-2042"))


def test_nothing_changes_until_it_is_taken(office: Office, ref: RunRef, reader: OtherReader) -> None:
    """Run, status, fields, task and pages are those of before; the candidate's lie beside them."""
    before = office.document(ref), values(office, ref), office.task(ref).state
    row = candidate(office, ref, reader)
    after = office.document(ref)
    assert (after.run, after.status, after.version) == (before[0].run, before[0].status, before[0].version)
    assert (values(office, ref), office.task(ref).state) == before[1:]
    with tenant_scope(office.tenant_id):
        assert Page.objects.filter(run=1).count() == Page.objects.filter(run=row.run).count() == 2


def test_what_would_change_is_told(office: Office, ref: RunRef, reader: OtherReader) -> None:
    """Fields with both confidences, pages with their count, words in their place."""
    found = comparison(office, ref, candidate(office, ref, reader))
    changed = {change.name: change for change in found.fields if change.changed}
    assert set(changed) == {"invoice_number"}
    number = changed["invoice_number"]
    assert number.before
    assert number.after
    assert (number.before.value, number.after.value) == ("INV-2041", "INV-2047")
    assert 0 < number.before.confidence <= 1
    assert 0 < number.after.confidence <= 1
    assert [(page.number, page.changed, page.words_after) for page in found.page_changes][1] == (2, 1, 7)
    assert (found.words_changed, found.pages_failed, found.pages) == (2, 0, 2)
    with tenant_scope(office.tenant_id):
        diff = page_diff(office.house.actor(Role.VIEWER), found, 2)
    (run,) = [run for run in diff.runs if not run.alike]
    assert ([word["text"] for word in run.before], [word["text"] for word in run.after]) == (["seven"], ["eleven"])
    assert all(len(word["bbox"]) == 4 for word in run.after)


def test_taking_it_reads_nothing_and_judges_anew(
    office: Office, ref: RunRef, reader: OtherReader, engine: Engine
) -> None:
    """The next run has the candidate's pages; no file is opened for it, and its task is another one."""
    row = candidate(office, ref, reader)
    old_task = office.task(ref)
    run = take(office, ref, row)
    assert (run.run, office.document(run).status) == (2, "READING")
    steps = DocumentActivities(engine)
    perform(steps.begin, order_of(run))
    opened = reader.opened
    assert perform(ReadingActivities(reader).read_pages, ReadOrder(order_of(run))) == PagesRead(2)
    perform(steps.assess, order_of(run))
    assert reader.opened == opened
    assert values(office, run)["invoice_number"] == ("INV-2047", "")
    assert values(office, ref)["invoice_number"] == ("INV-2041", "")
    with tenant_scope(office.tenant_id):
        old_task.refresh_from_db()
        assert (old_task.state, office.task(run).run) == ("CANCELLED", 2)
        assert OutboxMessage.objects.filter(key=run.workflow_id).exists()
        assert OutboxMessage.objects.filter(key__startswith=f"{ref.workflow_id}#rerun/").exists()


def test_a_persons_word_and_what_was_learnt_from_it_stay(
    office: Office, ref: RunRef, reader: OtherReader, engine: Engine
) -> None:
    """A corrected field is shown as kept, goes over as it is, and its training example is not touched."""
    office.decide(ref, *CORRECTED)
    with tenant_scope(office.tenant_id):
        learnt = list(TrainingExample.objects.order_by("id").values("field", "expert_correction", "kind", "run"))
    assert learnt
    row = candidate(office, ref, reader)
    (change,) = [one for one in comparison(office, ref, row).fields if one.name == "invoice_number"]
    assert (change.kept, change.replaces) == (True, False)
    run = take(office, ref, row)
    steps = DocumentActivities(engine)
    perform(steps.begin, order_of(run))
    perform(ReadingActivities(reader).read_pages, ReadOrder(order_of(run)))
    perform(steps.assess, order_of(run))
    assert values(office, run)["invoice_number"] == ("INV-2042", "corrected")
    with tenant_scope(office.tenant_id):
        kept = Field.objects.get(document_id=ref.document_id, run=2, name="invoice_number")
        assert (kept.model_value, kept.needs_human) == ("INV-2047", False)
        now = list(TrainingExample.objects.order_by("id").values("field", "expert_correction", "kind", "run"))
    assert now == learnt


def test_a_field_corrected_meanwhile_is_shown_as_it_is_now(
    office: Office, ref: RunRef, reader: OtherReader
) -> None:
    """What stands is looked up when it is shown, not when it was weighed."""
    row = candidate(office, ref, reader)
    office.decide(ref, *CORRECTED)
    (change,) = [one for one in comparison(office, ref, row).fields if one.name == "invoice_number"]
    assert change.before
    assert (change.before.value, change.kept) == ("INV-2042", True)


def test_dropping_it_leaves_nothing(
    office: Office,
    ref: RunRef,
    reader: OtherReader,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """No page, and no picture that the document does not show itself; a word more is refused."""
    row = candidate(office, ref, reader)
    actor = office.house.actor(Role.OPERATOR)
    with tenant_scope(office.tenant_id):
        keys = {run: set(Page.objects.filter(run=run).values_list("image_key", flat=True)) for run in (1, 2)}
    with django_capture_on_commit_callbacks(execute=True), tenant_scope(office.tenant_id):
        drop_rereading(actor=actor, document_id=ref.document_id, rereading_id=row.id)
    with tenant_scope(office.tenant_id):
        assert not Page.objects.filter(run=2).exists()
        dropped = Rereading.objects.get()
        assert (dropped.status, dropped.fields, dropped.page_changes) == ("dropped", [], [])
        with pytest.raises(RereadingOver):
            apply_rereading(actor=actor, document_id=ref.document_id, rereading_id=row.id)
        with pytest.raises(RereadingOver):
            drop_rereading(actor=actor, document_id=ref.document_id, rereading_id=row.id)
    assert all(default_storage.exists(key) for key in keys[1])
    assert not any(default_storage.exists(key) for key in keys[2] - keys[1])


def test_one_that_is_dropped_while_it_is_read_stops_and_leaves_nothing(
    office: Office,
    ref: RunRef,
    tmp_path: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """The worker's next page is refused, with the picture that it stored for it."""
    row = ask(office, ref)
    source = begin_candidate(tenant_id=office.tenant_id, rereading_id=row.id)
    assert source
    file = tmp_path / "paper"
    file.write_text("other words")
    page = next(TextReader().read(file, tmp_path, ReadingOptions("application/pdf")))
    with django_capture_on_commit_callbacks(execute=True):
        with tenant_scope(office.tenant_id):
            actor = office.house.actor(Role.OPERATOR)
            drop_rereading(actor=actor, document_id=ref.document_id, rereading_id=row.id)
        with pytest.raises(StaleAttempt):
            store_candidate_page(source, page)
    with tenant_scope(office.tenant_id):
        assert not Page.objects.filter(run=2).exists()
        stands = Page.objects.filter(run=1).values_list("image_key", "thumbnail_key")
        known = {Path(key).name for pair in stands for key in pair}
    assert set(default_storage.listdir(f"tenants/{office.tenant_id}/pages")[1]) == known
    assert perform(CandidateRecords().weigh_candidate, order(row)) == "dropped"


def test_a_worker_that_wakes_is_refused(office: Office, ref: RunRef, tmp_path: Path) -> None:
    """Its fence is older than that of the attempt that took over, whose pictures stay."""
    row = ask(office, ref)
    late = begin_candidate(tenant_id=office.tenant_id, rereading_id=row.id)
    now = begin_candidate(tenant_id=office.tenant_id, rereading_id=row.id)
    assert late
    assert now
    file = tmp_path / "paper"
    file.write_text("other words")
    page = next(TextReader().read(file, tmp_path, ReadingOptions("application/pdf")))
    with pytest.raises(StaleAttempt):
        store_candidate_page(late, page)
    store_candidate_page(now, page)
    with tenant_scope(office.tenant_id):
        assert default_storage.exists(Page.objects.get(run=2).image_key)


def test_a_later_attempt_goes_on_where_the_first_stopped(office: Office, ref: RunRef) -> None:
    """Pages that are stored are not read again."""

    class Dying(TextReader):
        def page(self, number: int, total: int, text: str, folder: Path) -> ReadPage:
            if number > 1:
                raise SystemExit
            return super().page(number, total, text, folder)

    row = ask(office, ref)
    with pytest.raises(SystemExit):
        perform(CandidateActivities(Dying()).read_candidate, order(row))
    reader = TextReader()
    perform(CandidateActivities(reader).read_candidate, order(row))
    assert reader.read_pages == [2]
    assert perform(CandidateRecords().weigh_candidate, order(row)) == "ready"
    assert perform(CandidateRecords().weigh_candidate, order(row)) == "ready"


def test_one_that_cannot_be_read_says_so(office: Office, ref: RunRef) -> None:
    """The document stays as it is, and another way may be tried."""

    class Failing(TextReader):
        def page(self, number: int, total: int, text: str, folder: Path) -> ReadPage:
            return super().page(number, total, "!resource_limit" if number > 1 else text, folder)

    row = ask(office, ref)
    with pytest.raises(ResourceLimit):
        perform(CandidateActivities(Failing()).read_candidate, order(row))
    failure = CandidateFailure(order(row), "resource_limit")
    assert perform(CandidateRecords().give_up_candidate, failure) == "failed"
    assert comparison(office, ref, row).error_code == "resource_limit"
    with tenant_scope(office.tenant_id):
        assert not Page.objects.filter(run=2).exists()
    assert ask(office, ref, Means("fast")).mode == "fast"


def test_a_run_that_starts_meanwhile_overtakes_it(office: Office, ref: RunRef, reader: OtherReader) -> None:
    """Its pages are not mixed with those of the run, it cannot be taken, and another one may be asked for."""
    with tenant_scope(office.tenant_id):
        Document.objects.update(status="APPROVED")
    row = candidate(office, ref, reader)
    with tenant_scope(office.tenant_id):
        actor = office.house.actor(Role.OPERATOR)
        rerun_document(actor=actor, document_id=ref.document_id)
        assert not Page.objects.filter(run=2).exists()
        with pytest.raises(RereadingOver):
            apply_rereading(actor=actor, document_id=ref.document_id, rereading_id=row.id)
    assert comparison(office, ref, row).status == "dropped"
    run = RunRef(ref.tenant_id, ref.document_id, 2)
    perform(ReadingActivities(reader).read_pages, ReadOrder(order_of(run)))
    with tenant_scope(office.tenant_id):
        drop_rereading(actor=actor, document_id=ref.document_id, rereading_id=row.id)
        assert Page.objects.filter(run=2).count() == 2
        Document.objects.update(status="APPROVED")
    assert ask(office, run).base_run == 2


def test_a_document_in_a_reviewers_hands_is_left_to_them(office: Office, ref: RunRef, reader: OtherReader) -> None:
    """It can be read and compared, not taken."""
    row = candidate(office, ref, reader)
    with tenant_scope(office.tenant_id):
        claim_task(actor=office.house.actor(Role.REVIEWER), task_id=office.task(ref).id)
        with pytest.raises(InReview):
            apply_rereading(
                actor=office.house.actor(Role.MANAGER), document_id=ref.document_id, rereading_id=row.id
            )
        assert ReviewTask.objects.get().state == "CLAIMED"


def test_one_at_a_time_and_not_too_many(office: Office, ref: RunRef, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second one waits for the choice; a tenant has a bound."""
    ask(office, ref)
    with pytest.raises(RereadingUnderWay):
        ask(office, ref)
    monkeypatch.setattr(reprocessings, "MOST_OPEN", 1)
    with tenant_scope(office.tenant_id):
        other = Document.objects.get()
        other.pk, other.status, other.sha256 = UUID(int=7), "APPROVED", "7" * 64
        other.save(force_insert=True)
    with pytest.raises(TooManyRereadings):
        ask(office, RunRef(ref.tenant_id, UUID(int=7), 1))


@pytest.mark.parametrize("status", ["RECEIVED", "READING", "NEEDS_PASSWORD", "ASSESSING", "FAILED", "QUARANTINED"])
def test_what_was_not_read_cannot_be_read_again(office: Office, ref: RunRef, status: str) -> None:
    """There is nothing to compare with."""
    with tenant_scope(office.tenant_id):
        Document.objects.update(status=status)
    with pytest.raises(InvalidMove):
        ask(office, ref)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER])
def test_it_needs_the_right_to_read_again(office: Office, ref: RunRef, role: Role) -> None:
    """As a re-run does."""
    actor = office.house.actor(role)
    with tenant_scope(office.tenant_id), pytest.raises(NotAllowed):
        ask_rereading(actor=actor, document_id=ref.document_id, means=THOROUGH)


def test_many_at_once_name_what_cannot_be(office: Office, ref: RunRef) -> None:
    """And wait behind what arrives."""
    absent = UUID(int=1)
    with tenant_scope(office.tenant_id):
        actor = office.house.actor(Role.OPERATOR)
        asked = ask_many(actor=actor, document_ids=[absent, ref.document_id], batch_id=None, means=THOROUGH)
        again = ask_many(actor=actor, document_ids=[ref.document_id], batch_id=None, means=THOROUGH)
        message = OutboxMessage.objects.get(key=f"rereading/{asked.asked[ref.document_id]}")
    assert (list(asked.asked), asked.refused) == ([ref.document_id], {absent: "not-found"})
    assert again.refused == {ref.document_id: "under-way"}
    assert message.payload["priority"] < 0


def test_a_batch_is_asked_for_in_parts(office: Office, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request takes so many; the next one goes on with the rest."""
    batch = office.batch()
    for number in range(3):
        read_first(office, f"{INVOICE}{number}", engine, batch_id=batch.id)
    monkeypatch.setattr(reprocessings, "MOST_AT_ONCE", 2)
    with tenant_scope(office.tenant_id):
        actor = office.house.actor(Role.OPERATOR)
        first = ask_many(actor=actor, document_ids=(), batch_id=batch.id, means=THOROUGH)
        second = ask_many(actor=actor, document_ids=(), batch_id=batch.id, means=THOROUGH)
        third = ask_many(actor=actor, document_ids=(), batch_id=batch.id, means=THOROUGH)
    assert [(len(one.asked), one.left) for one in (first, second, third)] == [(2, 1), (1, 0), (0, 0)]


def test_an_erased_document_takes_its_candidate_along(office: Office, ref: RunRef, reader: OtherReader) -> None:
    """A worker that reads it finds nothing to do."""
    row = ask(office, ref)
    office.erase(ref)
    perform(CandidateActivities(reader).read_candidate, order(row))
    assert reader.opened == 0
    with tenant_scope(office.tenant_id):
        assert not Rereading.objects.exists()


def test_the_usual_settings_again_open_no_file(office: Office, engine: Engine, reader: OtherReader) -> None:
    """What was read so before is taken over; nothing differs."""
    ref = office.upload(PAPER)
    steps = DocumentActivities(engine)
    named = lambda options: f"{options.mode}{options.engines}"  # noqa: E731 - as short as it is
    perform(steps.begin, order_of(ref))
    perform(ReadingActivities(reader, named=named).read_pages, ReadOrder(order_of(ref)))
    perform(steps.assess, order_of(ref))
    row = ask(office, ref, Means("standard"))
    perform(CandidateActivities(reader, named=named).read_candidate, order(row))
    perform(CandidateRecords().weigh_candidate, order(row))
    assert reader.opened == 1
    assert comparison(office, ref, row).words_changed == 0


def test_behind_a_page_that_failed_the_others_are_taken_over(
    office: Office, engine: Engine, reader: OtherReader
) -> None:
    """By the usual settings again it alone is read."""
    ref = office.upload(f"{PAPER}\fthird page\ffourth page")
    begin_run(ref, scan=False)
    perform(ReadingActivities(TextReader(), named=lambda read: read.mode).read_pages, ReadOrder(order_of(ref)))
    perform(DocumentActivities(engine).assess, order_of(ref))
    with tenant_scope(office.tenant_id):
        Page.objects.filter(run=1, number=2).update(error="resource_limit", words=[], confidence=0)
    row = ask(office, ref, Means("standard"))
    perform(CandidateActivities(reader, named=lambda read: read.mode).read_candidate, order(row))
    assert reader.read_pages == [2]
    assert perform(CandidateRecords().weigh_candidate, order(row)) == "ready"
    found = comparison(office, ref, row)
    assert (found.pages, found.pages_failed, found.better) == (4, 0, True)


def test_a_part_of_a_file_is_not_read_by_itself(office: Office, ref: RunRef) -> None:
    """Its file is."""
    with tenant_scope(office.tenant_id):
        Document.objects.update(parent_pages=[1])
    with pytest.raises(InvalidMove):
        ask(office, ref)


@pytest.fixture
def locked(office: Office, engine: Engine) -> RunRef:
    """A locked document that was read by its password."""
    ref = office.upload(f"password: sesame\n{PAPER}")
    begin_run(ref, scan=False)
    perform(ReadingActivities(TextReader()).read_pages, ReadOrder(order_of(ref), seal("sesame")))
    perform(DocumentActivities(engine).assess, order_of(ref))
    return ref


def sealed_order(office: Office, row: Rereading) -> CandidateOrder:
    """Give what travels, as the outbox has it."""
    with tenant_scope(office.tenant_id):
        payload = OutboxMessage.objects.get(key=f"rereading/{row.id}").payload
    assert "sesame" not in str(payload)
    return CandidateOrder(str(row.tenant_id), str(row.id), sealed=payload.get("sealed", ""))


@pytest.mark.parametrize(("password", "failure"), [("", NeedsPassword), ("guess", WrongPassword)])
def test_a_locked_original_stays_shut_without_its_password(
    office: Office, locked: RunRef, reader: OtherReader, password: str, failure: type[Exception]
) -> None:
    """None is kept, so it is asked for once more."""
    with tenant_scope(office.tenant_id):
        actor = office.house.actor(Role.OPERATOR)
        row = ask_rereading(actor=actor, document_id=locked.document_id, means=THOROUGH, password=password)
    with pytest.raises(failure):
        perform(CandidateActivities(reader).read_candidate, sealed_order(office, row))


def test_a_locked_original_is_read_again_by_its_password(
    office: Office, locked: RunRef, reader: OtherReader
) -> None:
    """It travels sealed, and no log has it."""
    with tenant_scope(office.tenant_id):
        actor = office.house.actor(Role.OPERATOR)
        row = ask_rereading(actor=actor, document_id=locked.document_id, means=THOROUGH, password="sesame")
        assert "sesame" not in str(list(AuditEvent.objects.values()))
    perform(CandidateActivities(reader).read_candidate, sealed_order(office, row))
    assert perform(CandidateRecords().weigh_candidate, order(row)) == "ready"
    assert comparison(office, locked, row).words_changed == 2
