"""Third engine on uncertain lines: thorough mode only, compared once, and optional."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from ingestion.contracts import ReprocessingOptions
from ingestion.domain.page.serialization import unpack_word
from ingestion.domain.ports import ReadingOptions, ReadPage
from ingestion.models import Document, Page, ReprocessingRun
from ingestion.services.progress import StaleAttempt
from ingestion.services.reading import begin_run
from ingestion.services.reprocessings import NoSuchEngine, drop_reprocessing
from quality.services.rule_set import AssessmentConfig
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.tenancy.models import Tenant
from refinery.core.tenancy.roles import Role
from refinery.settings.env import env
from tests.integration.workers.activity_steps import document_input, run_activity
from tests.integration.workers.activity_steps import read_and_assess as read_first
from tests.support.ingest_harness import INVOICE, IngestHarness
from tests.support.reprocessing import FakeThirdEngine, ThoroughReader, queue_reprocessing, reprocessing_input
from tests.support.text_reader import TextReader
from workers.activities.read_pages import ReadingActivities
from workers.activities.reprocess_document import ReprocessingActivities, ReprocessingRecords
from workers.activities.third_engine_lines import ThirdEngineActivities
from workers.bootstrap import gpu_activities
from workers.messages import OriginalInput, ReadPagesResult, ThirdEngineResult


class EngineRecordingReader(TextReader):
    """Reader that records the requested engines."""

    engines: tuple[str, ...] = ()

    def read(self, source: Path, folder: Path, options: ReadingOptions) -> Iterator[ReadPage]:
        """Record and read."""
        self.engines = options.engines
        yield from super().read(source, folder, options)


def make_word_doubtful(ingest: IngestHarness, word: int, other: str) -> str:
    """Make one word of the first page uncertain, with a different reading of the second engine; return its text."""
    with tenant_scope(ingest.tenant_id):
        page = Page.objects.get(number=1)
        page.words[word] |= {"confidence": 0.3, "alternatives": [other], "source": "rapidocr"}
        page.settings = "a digest"
        page.save(update_fields=["words", "settings"])
        return str(page.words[word]["text"])


def read_sure_document(ingest: IngestHarness, mode: str, *, third: bool) -> tuple[OriginalInput, ReadPagesResult]:
    """Read a document without uncertain words."""
    with tenant_scope(ingest.tenant_id):
        Tenant.objects.filter(id=ingest.tenant_id).update(reading_mode=mode)
    ref = ingest.upload(INVOICE)
    begin_run(ref, scan=False)
    order = OriginalInput(document_input(ref))
    return order, run_activity(ReadingActivities(TextReader(), third_engine=third).read_pages, order)


@pytest.mark.parametrize(("mode", "third"), [("standard", True), ("fast", True), ("thorough", False)])
def test_third_engine_absent_or_other_mode_changes_nothing(ingest: IngestHarness, mode: str, third: bool) -> None:
    order, done = read_sure_document(ingest, mode, third=third)
    assert not done.needs_third_engine
    make_word_doubtful(ingest, 0, "other")
    again = run_activity(ReadingActivities(TextReader(), third_engine=third).read_pages, order)
    assert not again.needs_third_engine


def test_third_engine_weighs_doubtful_lines_once_and_page_is_not_reused(ingest: IngestHarness) -> None:
    order, sure = read_sure_document(ingest, "thorough", third=True)
    assert not sure.needs_third_engine
    text = make_word_doubtful(ingest, 0, "other")
    assert run_activity(ReadingActivities(TextReader(), third_engine=True).read_pages, order).needs_third_engine
    third = FakeThirdEngine("other")
    assert run_activity(ThirdEngineActivities(third).read_doubted_lines, order.document_input) == ThirdEngineResult(
        1, 1
    )
    with tenant_scope(ingest.tenant_id):
        page = Page.objects.get(number=1)
    first = unpack_word(page.words[0])
    assert (first.text, first.alternatives) == ("other", (text,))
    assert page.settings == "third engine done"
    assert run_activity(ThirdEngineActivities(third).read_doubted_lines, order.document_input) == ThirdEngineResult(
        0, 0
    )
    assert third.shown == [1]


def test_third_engine_skips_finished_run(ingest: IngestHarness) -> None:
    order, _ = read_sure_document(ingest, "thorough", third=True)
    make_word_doubtful(ingest, 0, "other")
    with tenant_scope(ingest.tenant_id):
        Document.objects.update(status="IN_REVIEW")
    with pytest.raises(StaleAttempt):
        run_activity(ThirdEngineActivities(FakeThirdEngine("other")).read_doubted_lines, order.document_input)


@pytest.mark.parametrize(
    ("means", "third", "engines"),
    [
        (ReprocessingOptions("standard", ("trocr",)), "every", ("rapidocr", "tesseract")),
        (ReprocessingOptions("thorough"), "doubted", ("rapidocr", "tesseract")),
        (ReprocessingOptions("standard", ("tesseract",)), "", ("tesseract",)),
        (ReprocessingOptions("standard"), "", ("rapidocr", "tesseract")),
    ],
)
def test_third_engine_lines_of_reprocessing_depend_on_options(
    ingest: IngestHarness,
    assessment_engine: AssessmentConfig,
    settings: Settings,
    means: ReprocessingOptions,
    third: str,
    engines: tuple[str, ...],
) -> None:
    settings.THIRD_ENGINE = True
    ref = read_first(ingest, INVOICE, assessment_engine)
    row = queue_reprocessing(ingest, ref, means)
    reader = EngineRecordingReader()
    run_activity(ReprocessingActivities(reader).reprocess_pages, reprocessing_input(row))
    with tenant_scope(ingest.tenant_id):
        payload = OutboxMessage.objects.get(key=f"reprocessing/{row.id}").payload
    assert (payload.get("third_engine", ""), reader.engines) == (third, engines)


def test_third_engine_can_read_a_whole_reprocessing(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, settings: Settings
) -> None:
    settings.THIRD_ENGINE = True
    ref = read_first(ingest, INVOICE, assessment_engine)
    row = queue_reprocessing(ingest, ref, ReprocessingOptions("standard", ("trocr",)))
    order = reprocessing_input(row, "every")
    run_activity(ReprocessingActivities(ThoroughReader(scanned=True)).reprocess_pages, order)
    third = FakeThirdEngine("Aldgate Parer Ltd")
    read = run_activity(ThirdEngineActivities(third).read_reprocessing_lines, order)
    assert (read.lines, third.shown) == (10, [10])
    assert run_activity(ThirdEngineActivities(third).read_reprocessing_lines, order) == ThirdEngineResult(0, 0)
    assert run_activity(ReprocessingRecords().complete_reprocessing, order) == "ready"
    with tenant_scope(ingest.tenant_id):
        words = [word["text"] for word in Page.objects.get(run=2).words]
        assert [word["text"] for word in Page.objects.get(run=1).words][:3] == ["Aldgate", "Paper", "Ltd"]
        (change,) = ReprocessingRun.objects.get().page_changes
    assert words[:3] == ["Aldgate", "Parer", "Ltd"]
    assert change["changed"] == sum(a != b for a, b in zip(words, INVOICE.split(), strict=True)) > 0


def test_third_engine_skips_finished_reprocessing(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, settings: Settings
) -> None:
    settings.THIRD_ENGINE = True
    ref = read_first(ingest, INVOICE, assessment_engine)
    row = queue_reprocessing(ingest, ref, ReprocessingOptions("standard", ("trocr",)))
    run_activity(ReprocessingActivities(ThoroughReader(scanned=True)).reprocess_pages, reprocessing_input(row, "every"))
    with tenant_scope(ingest.tenant_id):
        drop_reprocessing(actor=ingest.tenant.actor(Role.OPERATOR), document_id=ref.document_id, reprocessing_id=row.id)
    third = FakeThirdEngine("other")
    with pytest.raises(StaleAttempt):
        run_activity(ThirdEngineActivities(third).read_reprocessing_lines, reprocessing_input(row, "every"))
    assert third.shown == []


def test_unconfigured_engine_is_refused(ingest: IngestHarness, assessment_engine: AssessmentConfig) -> None:
    ref = read_first(ingest, INVOICE, assessment_engine)
    with pytest.raises(NoSuchEngine):
        queue_reprocessing(ingest, ref, ReprocessingOptions("standard", ("trocr",)))


def test_gpu_queue_offers_third_engine_when_weights_are_set(tmp_path: Path) -> None:
    without = env.model_copy(update={"trocr_weights": ""})
    named = env.model_copy(update={"trocr_weights": str(tmp_path)})
    assert [step.__name__ for step in gpu_activities(without)] == ["train"]
    assert [step.__name__ for step in gpu_activities(named)] == [
        "train",
        "read_doubted_lines",
        "read_reprocessing_lines",
    ]
