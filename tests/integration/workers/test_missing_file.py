"""A file that storage has lost is a typed end; a store that cannot be asked is waited for."""

from pathlib import Path
from shutil import rmtree

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from temporalio.testing import ActivityEnvironment

from ingestion.blobs import fetch, open_stored
from ingestion.contracts import RunRef
from ingestion.domain.errors import MissingFile
from ingestion.services.reading import begin_run
from ingestion.services.reruns import rerun_document
from quality.services.rule_set import Engine
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from review.adapters.searchable_pdf import SearchablePdfMaker
from review.models import Artefact
from review.services.exports import request_export
from tests.factories.documents import make_document
from tests.fakes import FakeVirusScanner
from tests.integration.workers.conftest import order_of, perform
from tests.workflows.papers import Office
from tests.workflows.readers import TextReader
from workers.activities.document_steps import DocumentActivities
from workers.activities.make_export import ExportActivities
from workers.activities.read_pages import ReadingActivities
from workers.messages import Begun, Ending, ExportFailure, ExportOrder, ReadOrder

OTHER = "tenants/other"


def lost(office: Office) -> RunRef:
    """Take a file in and lose it, while the store keeps another one."""
    ref = office.upload()
    default_storage.save(OTHER, ContentFile(b"still here"))
    default_storage.delete(office.document(ref).blob_key)
    return ref


def test_a_file_is_missing_from_a_store_that_holds_others(office: Office, tmp_path: Path) -> None:
    """By reading and by scanning alike."""
    ref = lost(office)
    with pytest.raises(MissingFile):
        perform(DocumentActivities(Engine(lambda: None, b""), FakeVirusScanner()).scan, order_of(ref))
    begin_run(ref, scan=False)
    with pytest.raises(MissingFile):
        perform(ReadingActivities(TextReader()).read_pages, ReadOrder(order_of(ref)))
    assert fetch(OTHER, tmp_path / "copy").read_bytes() == b"still here"


def test_an_outage_is_no_missing_file(office: Office, stored_files: Path) -> None:
    """A folder that is gone, and one that is mounted over by an empty one, may both come back."""
    key = office.document(lost(office)).blob_key
    rmtree(stored_files)
    for _ in ("gone", "empty"):
        with pytest.raises(FileNotFoundError):
            open_stored(key)
        stored_files.mkdir(exist_ok=True)


def test_what_was_missing_is_scanned_when_it_is_back(office: Office, engine: Engine) -> None:
    """The same bytes sent again are kept again; the next run begins before the scanner."""
    ref = lost(office)
    steps = DocumentActivities(engine, FakeVirusScanner())
    perform(steps.begin, order_of(ref))
    perform(steps.end, Ending(order_of(ref), "missing", "The file is not in the store any more."))
    assert (office.document(ref).status, office.document(ref).error_code) == ("FAILED", "missing")
    assert office.upload() == ref  # answered with the document that is there
    with tenant_scope(office.tenant_id):
        again = rerun_document(actor=office.house.actor(Role.OPERATOR), document_id=ref.document_id)
    assert (again.status, again.error_code) == ("RECEIVED", "")
    now = RunRef(office.tenant_id, ref.document_id, again.run)
    assert perform(steps.begin, order_of(now)) == Begun("RECEIVED", scan=True)
    perform(steps.scan, order_of(now))
    perform(steps.pass_scan, order_of(now))
    perform(ReadingActivities(TextReader()).read_pages, ReadOrder(order_of(now)))
    assert office.document(now).status == "ASSESSING"


def test_a_document_that_failed_otherwise_is_read_at_once(office: Office, engine: Engine) -> None:
    """It has passed the scanner before."""
    ref = office.upload()
    begin_run(ref, scan=False)
    perform(DocumentActivities(engine).end, Ending(order_of(ref), "corrupt", "It is damaged."))
    with tenant_scope(office.tenant_id):
        again = rerun_document(actor=office.house.actor(Role.OPERATOR), document_id=ref.document_id)
    assert again.status == "READING"


def test_an_export_says_which_file_it_lacks(office: Office) -> None:
    """A page's picture is gone: the artefact fails with that; an exception's name stays inside."""
    document = make_document(office.house)
    with tenant_scope(office.tenant_id):
        default_storage.delete(document.page_rows.get().image_key)
        artefacts = [
            request_export(actor=office.house.actor(Role.OPERATOR), document_id=document.id, form="pdf")
            for _ in range(2)
        ]
    steps = ExportActivities({"pdf": SearchablePdfMaker()})
    orders = [ExportOrder(str(office.tenant_id), str(artefact.id)) for artefact in artefacts]
    with pytest.raises(MissingFile) as reason:
        ActivityEnvironment().run(steps.make, orders[0])
    for order, code, detail in zip(orders, ("missing", "poison"), (str(reason.value), "KeyError"), strict=True):
        assert ActivityEnvironment().run(steps.give_up, ExportFailure(order, code, detail)) == "failed"
    with tenant_scope(office.tenant_id):
        said = set(Artefact.objects.values_list("status", "detail"))
    assert said == {("failed", "The file is not in the store any more."), ("failed", "")}
