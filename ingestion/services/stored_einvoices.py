"""Storage of a document's e-invoice: the XML as a file by its hash, its content as a row of its run."""

from ingestion.blobs import file_hash, store_file, xml_key
from ingestion.contracts import RunRef
from ingestion.domain.einvoice.found import FoundEInvoice
from ingestion.domain.einvoice.serialization import pack_einvoice, pack_report
from ingestion.domain.lifecycle import DocumentStatus
from ingestion.models import XmlInvoice
from ingestion.services.blob_locks import hold_blobs
from ingestion.services.erasure import delete_files_if_erased
from ingestion.services.progress import StaleAttempt, update_document
from refinery.core.database.scope import tenant_scope


def store_einvoice(ref: RunRef, found: FoundEInvoice, fence: int) -> None:
    """Store XML and content; storing again for the same run replaces it. Raises StaleAttempt."""
    sha256, key = store_xml(ref, found)
    try:
        with tenant_scope(ref.tenant_id):
            update_document(ref, DocumentStatus.READING, fence=fence)
            write_einvoice(ref, found, sha256, key)
    except StaleAttempt:
        delete_files_if_erased(ref, {key})
        raise


def store_xml(ref: RunRef, found: FoundEInvoice) -> tuple[str, str]:
    """Store the XML and return its hash and its key."""
    sha256 = file_hash(found.xml)
    return sha256, store_file(xml_key(ref.tenant_id, sha256), found.xml)


def write_einvoice(ref: RunRef, found: FoundEInvoice, sha256: str, key: str) -> None:
    """Write the content; writing again for the same run replaces it. Needs an open tenant scope; raises BlobGone."""
    hold_blobs({key})
    XmlInvoice.objects.update_or_create(
        tenant_id=ref.tenant_id,
        document_id=ref.document_id,
        run=ref.run,
        defaults={
            "name": found.name,
            "sha256": sha256,
            "blob_key": key,
            "facts": pack_einvoice(found.invoice) if found.invoice else None,
            "fault": found.fault.value if found.fault else "",
            "rule_report": pack_report(found.report) if found.report else None,
        },
    )
