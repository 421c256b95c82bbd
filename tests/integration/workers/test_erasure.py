"""Nothing of an erased document stays in storage: what a worker that was busy with it stores late goes as well."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from django.core.files.base import File
from django.core.files.storage import default_storage
from pytest_django import DjangoCaptureOnCommitCallbacks

from ingestion.contracts import RunRef
from ingestion.domain.einvoice import FoundEInvoice
from ingestion.domain.einvoice.model import Fault
from ingestion.domain.page.elements import Word
from ingestion.domain.ports import Contents, ReadingOptions, UnpackOptions
from ingestion.models import Document
from ingestion.services.progress import StaleAttempt
from ingestion.services.reading import begin_reading, begin_run, store_page
from quality.services.rule_set import Engine
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import Tenant
from refinery.core.tenancy.roles import Role
from refinery.core.types import BoundingBox
from review.domain.exporting import ExportFacts
from review.models import Artefact
from review.services.exports import request_export
from tests.integration.workers.conftest import order_of, perform, read
from tests.reading.boxes import zipped
from tests.workflows.papers import INVOICE, Office
from tests.workflows.readers import OpenUnpacker, TextReader
from workers.activities.make_export import ExportActivities
from workers.activities.read_pages import ReadingActivities
from workers.activities.unpack_container import ContainerActivities
from workers.messages import ExportOrder, ReadOrder
from workers.renditions import PaperReader

PAPER = f"{INVOICE}\fsecond page"
RTF = rb"{\rtf1\ansi A letter.\par}"
Deed = Callable[[], None]


def nothing() -> None:
    """Let everything be."""


class AnyReader(TextReader):
    """Reads papers."""

    def reread_region(
        self, source: Path, page: int, bbox: BoundingBox, options: ReadingOptions
    ) -> tuple[Word, ...]:
        """Find nothing."""
        return ()


@dataclass
class Maker:
    """Makes papers and exports; while it does, `deed` is done."""

    deed: Deed = nothing
    version: str = "test 1"

    def paper(self, folder: Path) -> Path:
        """Write the paper."""
        self.deed()
        place = folder / "made.pdf"
        place.write_text(PAPER)
        return place

    def make(self, source: Path, folder: Path, media_type: str, password: str | None = None) -> Path:
        """Implement ports.PaperMaker."""
        return self.paper(folder)


@dataclass
class Printer:
    """Implements ports.ArtefactMaker; while it does, `deed` is done."""

    deed: Deed = nothing

    def make(self, facts: ExportFacts) -> bytes:
        """Print."""
        self.deed()
        return facts.filename.encode()


@pytest.fixture
def committed(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Callable[[Deed], None]:
    """Do something, and then what waits for its commit."""

    def do(deed: Deed) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            deed()

    return do


def stored(office: Office, folder: str = "") -> list[str]:
    """Give all files that are stored for the tenant."""
    return sorted(_below(f"tenants/{office.tenant_id}{folder}"))


def _below(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _below(f"{folder}/{name}")


def ask_export(office: Office, ref: RunRef) -> ExportOrder:
    """Ask for an export, as an operator."""
    with tenant_scope(office.tenant_id):
        actor = office.house.actor(Role.OPERATOR)
        artefact = request_export(actor=actor, document_id=ref.document_id, form="pdf")
    return ExportOrder(str(office.tenant_id), str(artefact.id))


def test_all_files_go(office: Office, engine: Engine, committed: Callable[[Deed], None], tmp_path: Path) -> None:
    """The original, its paper, its pages, its e-invoice and its export."""
    ref = office.send_in(RTF, "a.rtf")
    begin_run(ref, scan=False)
    xml = tmp_path / "invoice.xml"
    xml.write_text("<Invoice/>")
    begun = begin_reading(ref)
    page = next(TextReader().read(_text(tmp_path), tmp_path, ReadingOptions("application/pdf")))
    store_page(ref, replace(page, einvoice=FoundEInvoice("invoice.xml", xml, fault=Fault.MALFORMED)), begun.fence)
    perform(ReadingActivities(PaperReader(AnyReader(), Maker())).read_pages, ReadOrder(order_of(ref)))
    perform(ExportActivities({"pdf": Printer()}).make, ask_export(office, ref))
    assert {key.split("/")[2] for key in stored(office)} == {"originals", "papers", "pages", "xml", "exports"}
    committed(lambda: office.erase(ref))
    assert stored(office) == []


def _text(folder: Path) -> Path:
    place = folder / "text"
    place.write_text(PAPER)
    return place


def test_an_export_can_be_fetched_where_it_lies(office: Office, engine: Engine) -> None:
    """Its row knows the place."""
    ref = read(office, INVOICE, engine)
    order = ask_export(office, ref)
    perform(ExportActivities({"pdf": Printer()}).make, order)
    with tenant_scope(office.tenant_id):
        key = Artefact.objects.get(pk=order.artefact).blob_key
    assert default_storage.open(key).read() == b"paper.pdf"


def test_the_exports_of_another_document_stay(
    office: Office, engine: Engine, committed: Callable[[Deed], None]
) -> None:
    """They lie by their document."""
    gone, stays = read(office, INVOICE, engine), read(office, "another one", engine)
    activities = ExportActivities({"pdf": Printer()})
    for ref in (gone, stays):
        perform(activities.make, ask_export(office, ref))
    committed(lambda: office.erase(gone))
    (export,) = stored(office, "/exports")
    assert str(stays.document_id) in export


def test_a_late_export_leaves_nothing(office: Office, engine: Engine, committed: Callable[[Deed], None]) -> None:
    """The document is erased while its export is made."""
    ref = read(office, INVOICE, engine)
    order = ask_export(office, ref)
    late = Printer(lambda: committed(lambda: office.erase(ref)))
    committed(lambda: perform(ExportActivities({"pdf": late}).make, order))
    assert stored(office) == []


@dataclass
class LateStore:
    """The store, slow to save: `deed` is done meanwhile."""

    deed: Deed

    def save(self, name: str, content: File[bytes]) -> str:
        """Save at last."""
        self.deed()
        return default_storage.save(name, content)

    def delete(self, name: str) -> None:
        """Delete."""
        default_storage.delete(name)


def test_an_export_whose_row_goes_while_it_is_stored_leaves_nothing(
    office: Office, engine: Engine, committed: Callable[[Deed], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is there first: who finds no row any more takes it back."""
    ref = read(office, INVOICE, engine)
    order = ask_export(office, ref)
    late = LateStore(lambda: committed(lambda: office.erase(ref)))
    monkeypatch.setattr("review.services.exports.default_storage", late)
    committed(lambda: perform(ExportActivities({"pdf": Printer()}).make, order))
    assert stored(office) == []


def test_a_late_paper_goes(office: Office, committed: Callable[[Deed], None]) -> None:
    """The document is erased while an office program makes its pages."""
    ref = office.send_in(RTF, "a.rtf")
    begin_run(ref, scan=False)
    late = Maker(lambda: committed(lambda: office.erase(ref)))
    steps = ReadingActivities(PaperReader(AnyReader(), late))

    def read_late() -> None:
        with pytest.raises(StaleAttempt):
            perform(steps.read_pages, ReadOrder(order_of(ref)))

    committed(read_late)
    assert stored(office) == []


def test_a_paper_stays_while_any_document_rests_on_its_original(
    office: Office, committed: Callable[[Deed], None]
) -> None:
    """The same bytes twice: erasing one leaves the other its paper."""
    with tenant_scope(office.tenant_id):
        Tenant.objects.filter(pk=office.tenant_id).update(keep_duplicates=True)
    first, second = office.send_in(RTF, "a.rtf"), office.send_in(RTF, "b.rtf")
    begin_run(first, scan=False)
    late = Maker(lambda: committed(lambda: office.erase(first)))

    def read_late() -> None:
        with pytest.raises(StaleAttempt):
            perform(ReadingActivities(PaperReader(AnyReader(), late)).read_pages, ReadOrder(order_of(first)))

    committed(read_late)
    assert len(stored(office, "/papers")) == 1
    committed(lambda: office.erase(second))
    assert stored(office) == []


def test_a_late_e_invoice_goes(office: Office, committed: Callable[[Deed], None], tmp_path: Path) -> None:
    """Its XML is stored ahead of its page."""
    ref = office.upload(INVOICE)
    begin_run(ref, scan=False)
    begun = begin_reading(ref)
    xml = tmp_path / "invoice.xml"
    xml.write_text("<Invoice/>")
    page = next(TextReader().read(_text(tmp_path), tmp_path, ReadingOptions("application/pdf")))
    committed(lambda: office.erase(ref))

    def store_late() -> None:
        with pytest.raises(StaleAttempt):
            store_page(
                ref, replace(page, einvoice=FoundEInvoice("invoice.xml", xml, fault=Fault.MALFORMED)), begun.fence
            )

    committed(store_late)
    assert stored(office) == []


@dataclass
class LateUnpacker(OpenUnpacker):
    """Does something once all is unpacked, before any of it is admitted."""

    deed: Deed = nothing

    def unpack(self, source: Path, folder: Path, options: UnpackOptions) -> Contents:
        """Implement ports.Unpacker."""
        found = super().unpack(source, folder, options)
        self.deed()
        return found


def test_what_comes_late_out_of_an_erased_archive_goes(office: Office, committed: Callable[[Deed], None]) -> None:
    """No document is made of it, and no file kept."""
    ref = office.send_in(zipped({"a.txt": b"one", "b.txt": b"two"}), "a.zip")
    begin_run(ref, scan=False)
    late = LateUnpacker(lambda: committed(lambda: office.erase(ref)))

    def unpack_late() -> None:
        with pytest.raises(StaleAttempt):
            perform(ContainerActivities(late).unpack, ReadOrder(order_of(ref)))

    committed(unpack_late)
    with tenant_scope(office.tenant_id):
        assert not Document.objects.exists()
    assert stored(office) == []
