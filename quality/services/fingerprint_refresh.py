"""Signatures of an earlier method are computed again from the stored pages, so that old documents are found by text."""

from typing import Final

from django.db import transaction

from quality.domain.fingerprints import SIGNATURE_METHOD, bands, signature
from quality.models import Fingerprint, FingerprintBand
from quality.services.related_documents import KEY_BAND, texts_of
from refinery.core.types import TenantId

AT_ONCE: Final = 50


def refresh_fingerprints(tenant_id: TenantId) -> int:
    """Compute at most 50 outdated signatures of a tenant again and return their number, 0 when none is left."""
    outdated = Fingerprint.objects.filter(tenant_id=tenant_id).exclude(method=SIGNATURE_METHOD)
    with transaction.atomic():
        rows = list(outdated.select_for_update(of=("self",)).select_related("document").order_by("id")[:AT_ONCE])
        texts = texts_of(tenant_id, [row.document for row in rows])
        for row in rows:
            _replace_signature(row, texts.get(row.document_id, ""))
    return len(rows)


def _replace_signature(row: Fingerprint, text: str) -> None:
    row.minhash = list(signature(text))
    row.bands = list(bands(row.minhash))
    row.method = SIGNATURE_METHOD
    row.save(update_fields=["minhash", "bands", "method"])
    stored = FingerprintBand.objects.filter(tenant_id=row.tenant_id, document_id=row.document_id)
    stored.filter(band__lt=KEY_BAND).delete()
    FingerprintBand.objects.bulk_create(
        FingerprintBand(tenant_id=row.tenant_id, document_id=row.document_id, band=band, value=value)
        for band, value in enumerate(row.bands)
    )
