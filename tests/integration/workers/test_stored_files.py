"""Stored files: checked by size and hash, locked against erasure, repaired by a command."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from ingestion.blobs import download_blob, is_intact, open_blob, page_key, store_content, store_file
from ingestion.domain.errors import DamagedFile
from ingestion.models import Document
from ingestion.services import upload
from ingestion.services.blob_locks import BlobGone, hold_blobs
from refinery.api import store_repair
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.web.file_store import DurableFileStorage, StoreUnavailable
from tests.support.factories.documents import make_document
from tests.support.ingest_harness import INVOICE, PDF_MAGIC, IngestHarness

CONTENT = b"the whole file"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
KEY = f"tenants/a/originals/{SHA256[:2]}/{SHA256}"


def put(key: str, content: bytes) -> None:
    """Write a file behind the back of the program."""
    default_storage.save(key, ContentFile(content))


@pytest.mark.parametrize("torn", [b"", b"the whole", b"THE WHOLE FILE"], ids=["empty", "shorter", "as long"])
def test_file_that_is_not_what_its_key_promises_is_stored_again(torn: bytes, tmp_path: Path) -> None:
    put(KEY, torn)
    assert not is_intact(KEY)
    with pytest.raises(DamagedFile):
        open_blob(KEY)
    with pytest.raises(DamagedFile):
        download_blob(KEY, tmp_path / "copy")
    store_content(KEY, ContentFile(CONTENT))
    assert download_blob(KEY, tmp_path / "copy").read_bytes() == CONTENT


def test_intact_file_is_not_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(KEY, CONTENT)
    source = tmp_path / "again"
    source.write_bytes(CONTENT)
    monkeypatch.setattr(DurableFileStorage, "save", lambda *_: pytest.fail("written again"))
    assert store_file(KEY, source) == KEY


def test_key_without_hash_promises_nothing() -> None:
    put("tenants/a/exports/b/c", b"anything")
    assert is_intact("tenants/a/exports/b/c")
    assert open_blob("tenants/a/exports/b/c").read() == b"anything"


@pytest.mark.parametrize("failure", [PermissionError(13, "denied"), OSError(5, "broken disk")])
def test_failing_store_is_unavailable(failure: OSError, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(DurableFileStorage, "save", fail)
    with pytest.raises(StoreUnavailable):
        store_content(KEY, ContentFile(CONTENT))


def test_upload_to_failing_store_is_503(ingest: IngestHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the time to wait, and without a document."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(DurableFileStorage, "save", fail)
    client = ingest.tenant.api(Role.OPERATOR)
    answer = client.post("/v1/documents/ingest", {"file": ContentFile(PDF_MAGIC.encode(), "a.pdf")})
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    with tenant_scope(ingest.tenant_id):
        assert not Document.objects.exists()


def test_damaged_original_is_404_and_failing_store_503_for_its_image(
    ingest: IngestHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = make_document(ingest.tenant)
    with tenant_scope(ingest.tenant_id):
        page = document.page_rows.get()
        page.image_key = page_key(ingest.tenant_id, SHA256)
        page.save()
    put(page.image_key, b"other bytes")
    client = ingest.tenant.api(Role.VIEWER)
    address = f"/v1/documents/{document.id}/pages/1/image"
    assert client.get(address).status_code == 404

    def fail(*_: object) -> None:
        raise OSError(5, "broken disk")

    monkeypatch.setattr(DurableFileStorage, "open", fail)
    assert client.get(address).status_code == 503


RunOnCommit = Callable[[Callable[[], None]], None]


@pytest.fixture
def run_on_commit(django_capture_on_commit_callbacks: Callable[..., "object"]) -> RunOnCommit:
    """Run a function, then what it scheduled for after the commit."""

    def run(work: Callable[[], None]) -> None:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]  # a context manager
            work()

    return run


def test_erasure_between_store_and_admission_makes_intake_store_again(
    ingest: IngestHarness, run_on_commit: RunOnCommit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new document has its file, although the erased one had the same bytes."""
    first = ingest.upload()
    store, calls = upload.store_upload, []

    def store_then_erase(**given: object) -> object:
        admitted = store(**given)  # type: ignore[arg-type]  # handed on
        calls.append(admitted)
        if len(calls) == 1:
            run_on_commit(lambda: ingest.erase(first))
        return admitted

    monkeypatch.setattr(upload, "store_upload", store_then_erase)
    second = ingest.upload()
    assert (second.document_id != first.document_id, len(calls)) == (True, 2)
    assert open_blob(ingest.document(second).blob_key).read() == (PDF_MAGIC + INVOICE).encode()


def test_erasure_after_admission_keeps_the_file(ingest: IngestHarness, run_on_commit: RunOnCommit) -> None:
    """The upload was admitted after the erasure had looked for other documents, before it deleted files."""
    first = ingest.upload()
    key = ingest.document(first).blob_key

    def erase_while_uploaded_again() -> None:
        ingest.erase(first)
        ingest.upload()

    run_on_commit(erase_while_uploaded_again)
    assert is_intact(key)


def test_hold_blobs_takes_the_locks_of_its_keys(ingest: IngestHarness) -> None:
    put(KEY, CONTENT)
    with tenant_scope(ingest.tenant_id), connection.cursor() as cursor:
        hold_blobs([KEY, "", KEY])
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (1,)
        with pytest.raises(BlobGone):
            hold_blobs([KEY, KEY + "x"])


def repair(*options: str) -> tuple[int, list[str]]:
    """Run the command; return its status and the lines that it printed."""
    out, status = StringIO(), 0
    try:
        call_command("repair_store", *options, stdout=out)
    except SystemExit as end:
        status = int(str(end.code))
    return status, out.getvalue().splitlines()


@pytest.fixture
def everything_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files count as old at once."""
    monkeypatch.setattr("refinery.api.management.commands.repair_store.MIN_AGE", timedelta(seconds=-60))


@pytest.mark.usefixtures("everything_is_old")
def test_repair_store_names_faults_and_fixes_what_it_can(ingest: IngestHarness, stored_files: Path) -> None:
    lost, damaged, intact = (ingest.document(ingest.upload(text)).blob_key for text in ("lost", "damaged", "intact"))
    default_storage.delete(lost)
    put(damaged, b"torn")
    left_over = f"tenants/{ingest.tenant_id}/pages/{SHA256}.jpg"
    put(left_over, CONTENT)
    part = stored_files / "tenants" / ".file.0123456789abcdef.part"
    part.write_bytes(b"half")
    found = sorted([f"missing {lost}", f"damaged {damaged}", f"unreferenced {left_over}", f"interrupted {part}"])
    for option in ((), ("--fix",)):
        status, lines = repair(*option)
        assert (status, sorted(lines)) == (1, found)
    assert [default_storage.exists(key) for key in (damaged, left_over, intact)] == [False, False, True]
    assert not part.exists()
    for text in ("lost", "damaged"):
        ingest.upload(text)
    assert repair() == (0, [])


def test_repair_store_leaves_files_that_are_being_stored(ingest: IngestHarness, stored_files: Path) -> None:
    put(f"tenants/{ingest.tenant_id}/pages/{SHA256}.jpg", CONTENT)
    (stored_files / "tenants" / ".file.0123456789abcdef.part").write_bytes(b"half")
    assert repair("--fix") == (0, [])


@pytest.mark.usefixtures("everything_is_old")
def test_repair_store_keeps_renditions_of_existing_originals(ingest: IngestHarness) -> None:
    original = ingest.document(ingest.upload()).blob_key
    rendition = original.replace("/originals/", "/renditions/") + "/0123.pdf"
    put(rendition, b"%PDF")
    assert repair("--fix") == (0, [])
    assert default_storage.exists(rendition)


def test_repair_does_not_delete_what_is_referred_to_by_now(ingest: IngestHarness) -> None:
    fault = store_repair.StoreFault(store_repair.FaultKind.UNREFERENCED, ingest.document(ingest.upload()).blob_key)
    store_repair.repair_fault(ingest.tenant_id, fault)
    assert is_intact(fault.key)
    assert list(store_repair.find_faults(ingest.tenant_id, timezone.now())) == []
