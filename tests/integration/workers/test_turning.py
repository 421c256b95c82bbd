"""Pages that a person turns: they alone are read anew, for good, and what people said goes along."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingestion.contracts import RegionRequest, RunRef
from ingestion.domain.page.elements import Word, WordSource
from ingestion.domain.page.rotation import InvalidTurn, turned_box
from ingestion.domain.ports import ReadingOptions, ReadPage
from ingestion.models import Document, Field, Page
from ingestion.services.regions import reread_region
from ingestion.services.reruns import rerun_document
from quality.services.rule_set import Engine
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import NotAllowed
from refinery.core.tenancy.roles import Role
from refinery.core.types import BoundingBox
from review.contracts import Means
from review.domain.lifecycle import Verdict
from review.models import ReviewTask
from review.services.claims import claim_task
from review.services.edit_split import NotMendable
from review.services.edits import InOtherHands
from review.services.reprocessings import ask_rereading
from review.services.rotations import turn_pages
from review.services.split_document import FourEyes
from tests.factories.people import make_house
from tests.integration.workers.conftest import order_of, perform
from tests.workflows.papers import INVOICE, Office
from tests.workflows.readers import TextReader
from workers.activities.document_steps import DocumentActivities
from workers.activities.read_pages import ReadingActivities
from workers.activities.read_region import RegionActivities
from workers.activities.reprocess_document import CandidateActivities
from workers.messages import CandidateOrder, ReadOrder, RegionOrder

PAPER = f"{INVOICE}\fsecond page\fthird page"


class Noting(TextReader):
    """Notes which pages it is told to turn."""

    turns: tuple[tuple[int, int], ...] = ()

    def read(self, source: Path, folder: Path, options: ReadingOptions) -> Iterator[ReadPage]:
        """Note, and read."""
        self.turns = options.turns
        yield from super().read(source, folder, options)

    def reread_region(
        self, source: Path, page: int, bbox: BoundingBox, options: ReadingOptions
    ) -> tuple[Word, ...]:
        """Note, and find nothing."""
        self.turns = options.turns
        return ()


class Lying(Noting):
    """Finds a word that fills the place it is asked about."""

    place = BoundingBox(0, 0, 0, 0)

    def reread_region(
        self, source: Path, page: int, bbox: BoundingBox, options: ReadingOptions
    ) -> tuple[Word, ...]:
        """Note both."""
        self.turns, self.place = options.turns, bbox
        return (Word("there", bbox, 0.9, WordSource.RAPIDOCR, 0),)


@pytest.fixture
def reader() -> Noting:
    """The reader of a test."""
    return Noting()


def named(options: ReadingOptions) -> str:
    """Name the settings."""
    return options.mode


def go(ref: RunRef, reader: Noting, engine: Engine) -> None:
    """Bring a run as far as its judgement."""
    steps = DocumentActivities(engine)
    perform(steps.begin, order_of(ref))
    perform(ReadingActivities(reader, named=named).read_pages, ReadOrder(order_of(ref)))
    perform(steps.assess, order_of(ref))


@pytest.fixture
def ref(office: Office, engine: Engine, reader: Noting) -> RunRef:
    """A document of three pages that waits for a reviewer."""
    ref = office.upload(PAPER)
    go(ref, reader, engine)
    reader.read_pages.clear()
    return ref


def turn(office: Office, ref: RunRef, turns: dict[int, int], role: Role = Role.REVIEWER) -> RunRef:
    """Turn pages; gives the run that begins with it."""
    with tenant_scope(office.tenant_id):
        file = turn_pages(actor=office.house.actor(role), document_id=ref.document_id, turns=turns)
    return RunRef(ref.tenant_id, file.id, file.run)


def test_the_page_alone_is_read_anew(office: Office, ref: RunRef, reader: Noting, engine: Engine) -> None:
    """By a name of its own; the log says who turned what, and the task on the desk is a new one."""
    following = turn(office, ref, {2: 1})
    assert (following.run, office.document(ref).turns) == (2, {"2": 1})
    go(following, reader, engine)
    assert (reader.read_pages, reader.turns) == ([2], ((2, 1),))
    with tenant_scope(office.tenant_id):
        names = dict(Page.objects.filter(run=2).values_list("number", "settings"))
        assert names[1] == names[3] == "standard" != names[2]
        event = AuditEvent.objects.get(action="document.pages_turned")
        assert (event.detail["pages"], event.object_id) == ([2], ref.document_id)
        tasks = ReviewTask.objects.filter(document_id=ref.document_id).order_by("opened_at")
        assert [(task.run, task.state) for task in tasks] == [(1, "CANCELLED"), (2, "OPEN")]


def test_turns_add_up_and_are_kept(office: Office, ref: RunRef, reader: Noting, engine: Engine) -> None:
    """A later run finds the page as it lies now, and one that is upright again as it was first."""
    go(turn(office, ref, {2: 1}), reader, engine)
    reader.read_pages.clear()
    go(turn(office, ref, {2: 1, 3: 1}), reader, engine)
    assert (reader.read_pages, reader.turns) == ([2, 3], ((2, 2), (3, 1)))
    reader.read_pages.clear()
    office.decide(RunRef(ref.tenant_id, ref.document_id, 3))
    with tenant_scope(office.tenant_id):
        rerun_document(actor=office.house.actor(Role.OPERATOR), document_id=ref.document_id)
    go(RunRef(ref.tenant_id, ref.document_id, 4), reader, engine)
    assert reader.read_pages == []
    go(turn(office, ref, {2: 2}), reader, engine)
    assert reader.read_pages == []
    assert office.document(ref).turns == {"3": 1}


def test_what_people_said_goes_along(office: Office, ref: RunRef, reader: Noting, engine: Engine) -> None:
    """With its place on the page, which lies otherwise now."""
    with tenant_scope(office.tenant_id):
        row = Field.objects.get(run=1, name="total")
        Field.objects.filter(pk=row.pk).update(
            human="corrected", value="121.00", page=1, bbox=[0.1, 0.05, 0.3, 0.1]
        )
    go(turn(office, ref, {1: 1}), reader, engine)
    with tenant_scope(office.tenant_id):
        kept = Field.objects.get(run=2, name="total")
    assert (kept.value, kept.human) == ("121.00", "corrected")
    assert kept.bbox == pytest.approx([0.9, 0.1, 0.95, 0.3])


def test_what_people_said_outlives_a_run_that_failed(
    office: Office, ref: RunRef, reader: Noting, engine: Engine
) -> None:
    """The next one reads the turned pages first, and their words go along to it."""
    with tenant_scope(office.tenant_id):
        row = Field.objects.get(run=1, name="total")
        Field.objects.filter(pk=row.pk).update(
            human="corrected", value="121.00", page=1, bbox=[0.1, 0.05, 0.3, 0.1]
        )
    turn(office, ref, {1: 1})
    with tenant_scope(office.tenant_id):
        for _ in range(2):
            Document.objects.update(status="FAILED")
            again = rerun_document(actor=office.house.actor(Role.OPERATOR), document_id=ref.document_id)
    go(RunRef(ref.tenant_id, again.id, again.run), reader, engine)
    with tenant_scope(office.tenant_id):
        kept = Field.objects.get(run=4, name="total")
    assert (kept.value, kept.human) == ("121.00", "corrected")
    assert kept.bbox == pytest.approx([0.9, 0.1, 0.95, 0.3])


def test_other_readings_and_parts_of_the_page_lie_as_it_does(
    office: Office, ref: RunRef, reader: Noting, engine: Engine
) -> None:
    """Whoever reads it again reads it as it is shown."""
    go(turn(office, ref, {2: 3}), reader, engine)
    with tenant_scope(office.tenant_id):
        row = ask_rereading(
            actor=office.house.actor(Role.OPERATOR), document_id=ref.document_id, means=Means("thorough")
        )
        request = RegionRequest(ref.document_id, 2, BoundingBox(0, 0, 1, 0.5))
        region = reread_region(actor=office.house.actor(Role.REVIEWER), request=request)
    reader = Noting()
    perform(
        CandidateActivities(reader, named=named).read_candidate, CandidateOrder(str(row.tenant_id), str(row.id))
    )
    assert reader.turns == ((2, 3),)
    reader = Noting()
    perform(RegionActivities(reader).read_region, RegionOrder(str(office.tenant_id), str(region.id)))
    assert reader.turns == ((2, 3),)


def test_a_place_on_a_page_that_lies_is_read_upright_and_its_words_stay_where_it_shows_them(
    office: Office, ref: RunRef
) -> None:
    """The page was read lying on a side: its words run down it."""
    place = BoundingBox(0.2, 0.1, 0.3, 0.6)
    with tenant_scope(office.tenant_id):
        page = Page.objects.get(number=1)
        for word in page.words:
            word["bbox"] = turned_box(BoundingBox(*word["bbox"]), 1).as_list()
        page.width, page.height = page.height, page.width
        page.save(update_fields=["words", "width", "height"])
        request = RegionRequest(ref.document_id, 1, place)
        region = reread_region(actor=office.house.actor(Role.REVIEWER), request=request)
    reader = Lying()
    perform(RegionActivities(reader).read_region, RegionOrder(str(office.tenant_id), str(region.id)))
    assert reader.turns == ((1, 3),)
    assert reader.place.as_list() == pytest.approx([0.1, 0.7, 0.6, 0.8])
    with tenant_scope(office.tenant_id):
        region.refresh_from_db()
    assert region.words[0]["bbox"] == pytest.approx(place.as_list())


def test_who_may_not(office: Office, ref: RunRef, engine: Engine, reader: Noting) -> None:
    """Viewers; nor anyone while a document is in other hands, asks for a second person, or is under way."""
    with pytest.raises(NotAllowed):
        turn(office, ref, {1: 1}, Role.VIEWER)
    with pytest.raises(InvalidTurn):
        turn(office, ref, {4: 1})
    with tenant_scope(office.tenant_id):
        task = ReviewTask.objects.get()
        claim_task(actor=office.house.actor(Role.REVIEWER), task_id=task.id)
    with pytest.raises(InOtherHands):
        turn(office, ref, {1: 1}, Role.MANAGER)
    office.decide(ref, Verdict.NEEDS_SECOND_REVIEW)
    with pytest.raises(FourEyes):
        turn(office, ref, {1: 1})
    with tenant_scope(office.tenant_id):
        ReviewTask.objects.update(state="CANCELLED")
        Document.objects.update(status="APPROVED")
    with pytest.raises(NotAllowed):
        turn(office, ref, {1: 1})
    following = turn(office, ref, {1: 1}, Role.MANAGER)
    assert following.run == 2
    with pytest.raises(NotMendable):
        turn(office, ref, {1: 1}, Role.MANAGER)


def test_another_tenants_pages_are_not_there(office: Office, ref: RunRef) -> None:
    """Though they are there for their own."""
    stranger = make_house("other")
    with tenant_scope(stranger.tenant_id), pytest.raises(Document.DoesNotExist):
        turn_pages(actor=stranger.actor(Role.MANAGER), document_id=ref.document_id, turns={1: 1})
    assert turn(office, ref, {1: 1}).run == 2
