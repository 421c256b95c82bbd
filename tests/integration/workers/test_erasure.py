"""Erased documents leave no stored file, including files that a busy worker stores late."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from django.core.files.base import File
from django.core.files.storage import default_storage
from pytest_django import DjangoCaptureOnCommitCallbacks

from ingestion.contracts import RunRef
from ingestion.domain.einvoice.found import FoundEInvoice
from ingestion.domain.einvoice.model import EInvoiceFault
from ingestion.domain.exporting import ExportFacts
from ingestion.domain.page.elements import Word
from ingestion.domain.ports import ContainerContents, ReadingOptions, UnpackOptions
from ingestion.models import Artefact, Document
from ingestion.services.exports import request_export
from ingestion.services.progress import StaleAttempt
from ingestion.services.reading import begin_reading, begin_run, store_page
from quality.services.rule_set import AssessmentConfig
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import Tenant
from refinery.core.tenancy.roles import Role
from refinery.core.types import BoundingBox
from tests.integration.workers.activity_steps import document_input, read_and_assess, run_activity
from tests.support.container_files import zipped
from tests.support.ingest_harness import INVOICE, IngestHarness
from tests.support.text_reader import InProcessUnpacker, TextReader
from workers.activities.make_export import ExportActivities
from workers.activities.read_pages import ReadingActivities
from workers.activities.unpack_container import ContainerActivities
from workers.messages import ExportInput, OriginalInput
from workers.renditions import RenderingReader

PAPER = f"{INVOICE}\fsecond page"
RTF = rb"{\rtf1\ansi A letter.\par}"
Callback = Callable[[], None]


def no_callback() -> None:
    """Do nothing."""


class RegionlessReader(TextReader):
    """Text reader with a region reader that finds nothing."""

    def read_region(self, source: Path, page: int, bbox: BoundingBox, options: ReadingOptions) -> tuple[Word, ...]:
        """Return no words."""
        return ()


@dataclass
class CallbackPdfRenderer:
    """PDF renderer that calls `callback` while rendering."""

    callback: Callback = no_callback
    version: str = "test 1"

    def write_pdf(self, folder: Path) -> Path:
        """Write the PDF."""
        self.callback()
        place = folder / "made.pdf"
        place.write_text(PAPER)
        return place

    def render(self, source: Path, folder: Path, media_type: str, password: str | None = None) -> Path:
        """Implement ports.PdfRenderer."""
        return self.write_pdf(folder)


@dataclass
class CallbackArtefactMaker:
    """Implements ports.ArtefactMaker; it calls `callback` while making."""

    callback: Callback = no_callback

    def make(self, facts: ExportFacts) -> bytes:
        """Return the artefact."""
        self.callback()
        return facts.filename.encode()


@pytest.fixture
def run_on_commit(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Callable[[Callback], None]:
    """Return a function that runs a callback and then its on-commit callbacks."""

    def do(deed: Callback) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            deed()

    return do


def stored_files_of(ingest: IngestHarness, folder: str = "") -> list[str]:
    """Return all stored files of the tenant."""
    return sorted(_files_below(f"tenants/{ingest.tenant_id}{folder}"))


def _files_below(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _files_below(f"{folder}/{name}")


def ask_export(ingest: IngestHarness, ref: RunRef) -> ExportInput:
    """Request an export as an operator."""
    with tenant_scope(ingest.tenant_id):
        actor = ingest.tenant.actor(Role.OPERATOR)
        artefact = request_export(actor=actor, document_id=ref.document_id, form="pdf")
    return ExportInput(str(ingest.tenant_id), str(artefact.id))


def test_erase_deletes_every_stored_file(
    ingest: IngestHarness,
    assessment_engine: AssessmentConfig,
    run_on_commit: Callable[[Callback], None],
    tmp_path: Path,
) -> None:
    """The original, its rendition, its pages, its e-invoice and its export."""
    ref = ingest.upload_bytes(RTF, "a.rtf")
    begin_run(ref, scan=False)
    xml = tmp_path / "invoice.xml"
    xml.write_text("<Invoice/>")
    begun = begin_reading(ref)
    page = next(TextReader().read(_text(tmp_path), tmp_path, ReadingOptions("application/pdf")))
    store_page(
        ref, replace(page, einvoice=FoundEInvoice("invoice.xml", xml, fault=EInvoiceFault.MALFORMED)), begun.fence
    )
    run_activity(
        ReadingActivities(RenderingReader(RegionlessReader(), CallbackPdfRenderer())).read_pages,
        OriginalInput(document_input(ref)),
    )
    run_activity(ExportActivities({"pdf": CallbackArtefactMaker()}).make, ask_export(ingest, ref))
    assert {key.split("/")[2] for key in stored_files_of(ingest)} == {
        "originals",
        "renditions",
        "pages",
        "xml",
        "exports",
    }
    run_on_commit(lambda: ingest.erase(ref))
    assert stored_files_of(ingest) == []


def _text(folder: Path) -> Path:
    place = folder / "text"
    place.write_text(PAPER)
    return place


def test_export_is_stored_at_key_in_its_row(ingest: IngestHarness, assessment_engine: AssessmentConfig) -> None:
    """The row contains the key."""
    ref = read_and_assess(ingest, INVOICE, assessment_engine)
    order = ask_export(ingest, ref)
    run_activity(ExportActivities({"pdf": CallbackArtefactMaker()}).make, order)
    with tenant_scope(ingest.tenant_id):
        key = Artefact.objects.get(pk=order.artefact).blob_key
    assert default_storage.open(key).read() == b"paper.pdf"


def test_erase_keeps_exports_of_other_documents(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, run_on_commit: Callable[[Callback], None]
) -> None:
    """Exports are stored by document."""
    gone, stays = (
        read_and_assess(ingest, INVOICE, assessment_engine),
        read_and_assess(ingest, "another one", assessment_engine),
    )
    activities = ExportActivities({"pdf": CallbackArtefactMaker()})
    for ref in (gone, stays):
        run_activity(activities.make, ask_export(ingest, ref))
    run_on_commit(lambda: ingest.erase(gone))
    (export,) = stored_files_of(ingest, "/exports")
    assert str(stays.document_id) in export


def test_erase_during_export_leaves_no_file(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, run_on_commit: Callable[[Callback], None]
) -> None:
    """The document is erased while its export is made."""
    ref = read_and_assess(ingest, INVOICE, assessment_engine)
    order = ask_export(ingest, ref)
    late = CallbackArtefactMaker(lambda: run_on_commit(lambda: ingest.erase(ref)))
    run_on_commit(lambda: run_activity(ExportActivities({"pdf": late}).make, order))
    assert stored_files_of(ingest) == []


@dataclass
class SlowStorage:
    """Slow storage that calls `callback` before it saves."""

    callback: Callback

    def save(self, name: str, content: File[bytes]) -> str:
        """Save after the callback."""
        self.callback()
        return default_storage.save(name, content)

    def delete(self, name: str) -> None:
        """Delete."""
        default_storage.delete(name)


def test_erase_while_export_is_stored_leaves_no_file(
    ingest: IngestHarness,
    assessment_engine: AssessmentConfig,
    run_on_commit: Callable[[Callback], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The file is stored first; the worker deletes it if its row no longer exists."""
    ref = read_and_assess(ingest, INVOICE, assessment_engine)
    order = ask_export(ingest, ref)
    late = SlowStorage(lambda: run_on_commit(lambda: ingest.erase(ref)))
    monkeypatch.setattr("ingestion.services.exports.default_storage", late)
    run_on_commit(lambda: run_activity(ExportActivities({"pdf": CallbackArtefactMaker()}).make, order))
    assert stored_files_of(ingest) == []


def test_erase_during_pdf_rendering_leaves_no_file(
    ingest: IngestHarness, run_on_commit: Callable[[Callback], None]
) -> None:
    """The document is erased while an office program renders its pages."""
    ref = ingest.upload_bytes(RTF, "a.rtf")
    begin_run(ref, scan=False)
    late = CallbackPdfRenderer(lambda: run_on_commit(lambda: ingest.erase(ref)))
    steps = ReadingActivities(RenderingReader(RegionlessReader(), late))

    def read_late() -> None:
        with pytest.raises(StaleAttempt):
            run_activity(steps.read_pages, OriginalInput(document_input(ref)))

    run_on_commit(read_late)
    assert stored_files_of(ingest) == []


def test_rendition_is_kept_while_another_document_uses_original(
    ingest: IngestHarness, run_on_commit: Callable[[Callback], None]
) -> None:
    """The same bytes twice: erasing one document keeps the rendition of the other."""
    with tenant_scope(ingest.tenant_id):
        Tenant.objects.filter(pk=ingest.tenant_id).update(keep_duplicates=True)
    first, second = ingest.upload_bytes(RTF, "a.rtf"), ingest.upload_bytes(RTF, "b.rtf")
    begin_run(first, scan=False)
    late = CallbackPdfRenderer(lambda: run_on_commit(lambda: ingest.erase(first)))

    def read_late() -> None:
        with pytest.raises(StaleAttempt):
            run_activity(
                ReadingActivities(RenderingReader(RegionlessReader(), late)).read_pages,
                OriginalInput(document_input(first)),
            )

    run_on_commit(read_late)
    assert len(stored_files_of(ingest, "/renditions")) == 1
    run_on_commit(lambda: ingest.erase(second))
    assert stored_files_of(ingest) == []


def test_erase_before_einvoice_is_stored_leaves_no_file(
    ingest: IngestHarness, run_on_commit: Callable[[Callback], None], tmp_path: Path
) -> None:
    """The XML is stored before the page."""
    ref = ingest.upload(INVOICE)
    begin_run(ref, scan=False)
    begun = begin_reading(ref)
    xml = tmp_path / "invoice.xml"
    xml.write_text("<Invoice/>")
    page = next(TextReader().read(_text(tmp_path), tmp_path, ReadingOptions("application/pdf")))
    run_on_commit(lambda: ingest.erase(ref))

    def store_late() -> None:
        with pytest.raises(StaleAttempt):
            store_page(
                ref,
                replace(page, einvoice=FoundEInvoice("invoice.xml", xml, fault=EInvoiceFault.MALFORMED)),
                begun.fence,
            )

    run_on_commit(store_late)
    assert stored_files_of(ingest) == []


@dataclass
class SlowUnpacker(InProcessUnpacker):
    """Unpacker that calls `callback` after unpacking, before any file is admitted."""

    callback: Callback = no_callback

    def unpack(self, source: Path, folder: Path, options: UnpackOptions) -> ContainerContents:
        """Implement ports.Unpacker."""
        found = super().unpack(source, folder, options)
        self.callback()
        return found


def test_erase_during_unpacking_leaves_no_document_or_file(
    ingest: IngestHarness, run_on_commit: Callable[[Callback], None]
) -> None:
    """No document is created from it and no file stored."""
    ref = ingest.upload_bytes(zipped({"a.txt": b"one", "b.txt": b"two"}), "a.zip")
    begin_run(ref, scan=False)
    late = SlowUnpacker(lambda: run_on_commit(lambda: ingest.erase(ref)))

    def unpack_late() -> None:
        with pytest.raises(StaleAttempt):
            run_activity(ContainerActivities(late).unpack, OriginalInput(document_input(ref)))

    run_on_commit(unpack_late)
    with tenant_scope(ingest.tenant_id):
        assert not Document.objects.exists()
    assert stored_files_of(ingest) == []
