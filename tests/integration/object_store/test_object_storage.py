"""The file store in an S3 bucket: what the program does with files, against running servers."""

import hashlib
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from ingestion import blobs
from ingestion.domain.errors import DamagedFile, MissingFile
from ingestion.models import Document, Page
from ingestion.services.erasure import delete_document
from refinery.api.store_repair import FaultKind, find_faults, repair_fault
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.web.file_store import StoreUnavailable, store_errors
from refinery.core.web.object_store import MEMORY_BYTES
from refinery.core.web.probes import configured_backends, storage
from refinery.settings.base import file_storage
from refinery.settings.env import env
from tests.support.factories.documents import make_document
from tests.support.factories.tenants import make_tenant
from tests.support.s3_servers import (
    ACCESS_KEY,
    BUCKET,
    REGION,
    SECRET_KEY,
    S3Server,
    free_port,
    gateway_path,
    running_gateway,
    running_moto,
)

LARGE = bytes(range(256)) * 2**16 + b"end"  # 16 MiB: more than two parts of an upload
CONTENT = b"%PDF-1.7 the file"


@pytest.fixture(scope="module", params=["moto", "gateway"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """Yield a running server, of each kind that there is."""
    if request.param == "gateway" and gateway_path() is None:
        pytest.skip("run `make s3-server` for a real server")
    with running_moto() if request.param == "moto" else running_gateway(tmp_path_factory.mktemp("s3")) as found:
        yield found


def use_store(url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the program's own settings for a bucket at this address."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    named = {"storage_bucket": BUCKET, "storage_endpoint_url": url, "storage_region": REGION}
    settings.STORAGES = {**settings.STORAGES, "default": file_storage(env.model_copy(update=named))}


@pytest.fixture
def store(server: S3Server, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    """Return the server whose bucket is the program's store."""
    use_store(server.url, settings, monkeypatch)
    return server


def key_of(content: bytes, folder: str = "tenants/a/originals") -> str:
    """Return a key that promises the content."""
    return f"{folder}/{hashlib.sha256(content).hexdigest()}"


def test_stored_file_is_read_whole_and_in_parts(store: S3Server) -> None:
    """Parts are read after a seek, as an answer to a range does."""
    key = key_of(CONTENT)
    assert not blobs.is_stored(key)
    assert blobs.store_content(key, ContentFile(CONTENT)) == key
    assert blobs.is_stored(key)
    assert blobs.is_intact(key, len(CONTENT))
    assert not blobs.is_intact(key, len(CONTENT) + 1)
    with blobs.open_blob(key) as file:
        assert (file.size, file.read()) == (len(CONTENT), CONTENT)
        file.seek(5)
        assert file.read(3) == CONTENT[5:8]


def test_large_file_is_stored_in_parts_and_opened_on_disk(store: S3Server, tmp_path: Path) -> None:
    """An open file does not stay in memory."""
    assert len(LARGE) > MEMORY_BYTES
    source = tmp_path / "large"
    source.write_bytes(LARGE)
    key = blobs.store_file(key_of(LARGE), source)
    assert blobs.download_blob(key, tmp_path / "copy").read_bytes() == LARGE
    etag = default_storage.bucket.Object(key).e_tag  # type: ignore[attr-defined]  # S3's
    assert etag.strip('"').endswith("-2") or etag.strip('"').endswith("-3")  # S3's mark of an upload in parts
    with blobs.open_blob(key) as file:
        assert file.file._rolled  # type: ignore[union-attr]  # SpooledTemporaryFile has no other way to tell


def test_damaged_and_missing_files_are_told_apart(store: S3Server) -> None:
    """A damaged one is replaced when it is stored again."""
    key = key_of(b"right")
    default_storage.save(key, ContentFile(b"wrong"))
    assert not blobs.is_intact(key)
    with pytest.raises(DamagedFile):
        blobs.open_blob(key)
    blobs.store_content(key, ContentFile(b"right"))
    assert blobs.open_blob(key).read() == b"right"
    blobs.delete_stored_file(key)
    blobs.delete_stored_file(key)  # one that is gone is no error
    default_storage.save("tenants/a/keep", ContentFile(b"x"))
    with pytest.raises(MissingFile):
        blobs.open_blob(key)


class BrokenUpload(File[bytes]):
    """File that fails after its first part."""

    def __init__(self) -> None:
        """Begin at the first part."""
        super().__init__(None, "broken")
        self.size, self.position = len(LARGE), 0

    def read(self, size: int = -1) -> bytes:
        """Return the first part, then fail."""
        if self.position:
            raise TimeoutError
        self.position += 9 * 2**20
        return LARGE[:size] if size > 0 else LARGE[: self.position]

    def seek(self, *_: int) -> int:
        """Stay where it is."""
        return 0

    def tell(self) -> int:
        """Return the position."""
        return self.position


def test_interrupted_upload_leaves_earlier_file(store: S3Server) -> None:
    """A file is replaced as a whole or not at all."""
    key = "tenants/a/exports/torn"
    default_storage.save(key, ContentFile(b"earlier"))
    with pytest.raises((StoreUnavailable, TimeoutError)):
        default_storage.save(key, BrokenUpload())
    with default_storage.open(key) as file:
        assert file.read() == b"earlier"


def test_folder_is_listed_and_deleted(store: S3Server) -> None:
    """Listing a folder that is gone is no error."""
    folder = "tenants/a/renditions/f"
    for name in ("1.jpg", "2.jpg"):
        default_storage.save(f"{folder}/{name}", ContentFile(b"x"))
    assert sorted(default_storage.listdir(folder)[1]) == ["1.jpg", "2.jpg"]
    assert default_storage.listdir("tenants/a/renditions")[0] == ["f"]
    assert "tenants" in default_storage.listdir("")[0]
    blobs.delete_stored_folder(folder)
    blobs.delete_stored_folder(folder)
    assert default_storage.listdir(folder) == ([], [])


def status_of(url: str) -> int:
    """Return the status of a request without credentials."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - the test's own server
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def test_files_are_private_and_signed_addresses_expire(server: S3Server, store: S3Server) -> None:
    """The real server checks signatures: without one, with a changed one and after its time a request is refused."""
    if server.process is None:
        pytest.skip("Moto checks no signatures")
    key = key_of(CONTENT)
    blobs.store_content(key, ContentFile(CONTENT))
    signed = default_storage.url(key, expire=3600)  # type: ignore[call-arg]  # S3's
    assert status_of(signed) == 200
    assert status_of(signed.partition("?")[0]) == 403
    assert status_of(signed.replace("X-Amz-Expires=3600", "X-Amz-Expires=7200")) == 403
    short = default_storage.url(key, expire=1)  # type: ignore[call-arg]  # S3's
    until = time.monotonic() + 60
    while status_of(short) != 403:  # the server tells nobody when the second is over
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.mark.django_db
def test_repair_finds_damaged_missing_and_unreferenced_files(store: S3Server) -> None:
    """And deletes the damaged and the old ones without a row."""
    tenant = make_tenant()
    keys = [key_of(text, f"tenants/{tenant.tenant_id}/originals") for text in (b"whole", b"torn", b"gone", b"left")]
    whole, torn, gone, left = keys
    for key in (whole, torn, gone):
        make_document(tenant, blob_key=key, sha256=key.rpartition("/")[2])
    with tenant_scope(tenant.tenant_id):
        Page.objects.all().delete()  # their images were never stored
    for key, content in ((whole, b"whole"), (torn, b"half"), (left, b"left")):
        default_storage.save(key, ContentFile(content))
    now = timezone.now()
    assert {fault.key for fault in find_faults(tenant.tenant_id, now - timedelta(hours=1))} == {torn, gone}
    faults = list(find_faults(tenant.tenant_id, now + timedelta(hours=1)))
    assert {(fault.kind, fault.key) for fault in faults} == {
        (FaultKind.DAMAGED, torn),
        (FaultKind.MISSING, gone),
        (FaultKind.UNREFERENCED, left),
    }
    for fault in faults:
        repair_fault(tenant.tenant_id, fault)
    assert [blobs.is_stored(key) for key in keys] == [True, False, False, False]


@pytest.mark.django_db
def test_upload_is_stored_in_bucket_and_503_while_it_does_not_answer(
    store: S3Server, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is accepted that could not be stored."""
    tenant = make_tenant()
    api, upload = tenant.api(Role.OPERATOR), {"file": SimpleUploadedFile("note.txt", b"A note of three lines.")}
    accepted = api.post("/v1/documents/ingest", upload)
    assert accepted.status_code == 202
    with tenant_scope(tenant.tenant_id):
        assert blobs.open_blob(Document.objects.get().blob_key).read() == b"A note of three lines."
    use_store(f"http://127.0.0.1:{free_port()}", settings, monkeypatch)
    other = {"file": SimpleUploadedFile("other.txt", b"Another note of three lines.")}
    refused = api.post("/v1/documents/ingest", other)
    assert refused.status_code == 503
    with tenant_scope(tenant.tenant_id):
        assert Document.objects.count() == 1


@pytest.mark.django_db
def test_erasure_deletes_file_from_bucket(
    store: S3Server, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """The bytes are gone with the rows."""
    tenant = make_tenant()
    key = key_of(b"erase me", f"tenants/{tenant.tenant_id}/originals")
    document = make_document(tenant, blob_key=key, sha256=key.rpartition("/")[2])
    default_storage.save(key, ContentFile(b"erase me"))
    with django_capture_on_commit_callbacks(execute=True), tenant_scope(tenant.tenant_id):
        delete_document(actor=tenant.actor(Role.ORG_ADMIN), document_id=document.id)
    assert not blobs.is_stored(key)
    with tenant_scope(tenant.tenant_id):
        assert not Document.objects.filter(pk=document.pk).exists()


def test_probe_answers_and_names_the_store(store: S3Server) -> None:
    """The health page shows that files are in an object store."""
    assert storage() == "answers"
    assert configured_backends()["file_store"] == "ObjectStorage"


def test_stopped_server_is_unavailable_and_comes_back_with_its_files(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every operation raises what the API answers with 503."""
    if gateway_path() is None:
        pytest.skip("run `make s3-server` for a real server")
    with running_gateway(tmp_path) as gateway:
        use_store(gateway.url, settings, monkeypatch)
        key = blobs.store_content(key_of(CONTENT), ContentFile(CONTENT))
        gateway.stop()
        for operation in (blobs.is_stored, blobs.is_intact, blobs.open_blob, blobs.delete_stored_file):
            with pytest.raises(StoreUnavailable):
                operation(key)
        with pytest.raises(StoreUnavailable):
            blobs.store_content(key_of(b"another"), ContentFile(b"another"))
        with pytest.raises(StoreUnavailable), store_errors():
            storage()
        gateway.start()
        assert blobs.open_blob(key).read() == CONTENT
