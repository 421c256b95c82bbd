"""Lookup of related documents for cross-document checks: by key, person, bytes and similarity.

Each lookup uses one index. Similarity is a band of a MinHash; document numbers and persons use separate bands, so
that one statement finds them all. Each band returns only its newest documents: a template that a tenant has received
a million times costs no more than a rare one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from ingestion.domain.lifecycle import DocumentStatus
from ingestion.domain.normalize import letters_and_digits
from ingestion.models import Document
from quality.domain.facts import FactSet, Neighbour
from quality.domain.fingerprints import SIGNATURE_METHOD, bands, compare_texts, estimate_similarity
from quality.domain.pools import business_key, family_of
from quality.domain.vocabulary import PERSON_KEYS, PERSONS
from quality.models import Fingerprint, FingerprintBand
from refinery.core.database.bulk_rows import insert_rows
from refinery.core.database.prepared import prepared_cursor
from refinery.core.tenancy.compiled_queries import compiled_query, is_any_of
from refinery.core.types import TenantId

KEY_BAND, NUMBER_BAND, NAME_BAND = 1000, 1001, 1002  # above the bands of any MinHash
DOCUMENTS_PER_BAND = 50
REVISION = "_revision"  # stored among the fields' values: no field's name begins with an underscore
MAX_NEIGHBOURS = 24
MOVED_STATUSES = (DocumentStatus.SPLIT, DocumentStatus.SUPERSEDED)  # their pages belong to other documents
MAX_TEXTS_COMPARED = 6
COMPARE_TEXT_FROM = 0.25
FINGERPRINT_COLUMNS = ("schema_key", "business_key", "values", "minhash", "bands", "method", "family")
DELETE_BANDS = "DELETE FROM fingerprint_band WHERE tenant_id = %s AND document_id = %s"

CANDIDATES = """
    SELECT near.document_id, count(*), max(near.band) >= %s AS keyed
    FROM unnest(%s::int[], %s::bigint[]) AS wanted (band, value)
    CROSS JOIN LATERAL (
      SELECT document_id, band FROM fingerprint_band
      WHERE tenant_id = %s AND band = wanted.band AND value = wanted.value AND document_id <> %s
      ORDER BY id DESC LIMIT %s
    ) AS near
    GROUP BY near.document_id ORDER BY keyed DESC, count(*) DESC, near.document_id DESC LIMIT %s
"""

TEXTS = """
    SELECT p.document_id, string_agg(coalesce(t.words, ''), E'\\n' ORDER BY p.number)
    FROM unnest(%s::uuid[], %s::int[]) AS wanted (document_id, run)
    JOIN page p ON p.document_id = wanted.document_id AND p.run = wanted.run
    CROSS JOIN LATERAL (
      SELECT string_agg(word ->> 'text', ' ' ORDER BY place) AS words
      FROM jsonb_array_elements(p.words) WITH ORDINALITY AS each (word, place)
    ) AS t
    WHERE p.tenant_id = %s GROUP BY p.document_id
"""


@dataclass(frozen=True, slots=True)
class DocumentFingerprint:
    """Lookup data of one document: its keys and its text's MinHash."""

    tenant_id: TenantId
    document_id: UUID
    schema_key: str
    values: Mapping[str, str]
    minhash: Sequence[int]
    revision: str
    family: str

    @classmethod
    def of(cls, tenant_id: TenantId, document_id: UUID, facts: FactSet) -> "DocumentFingerprint":
        """Create the fingerprint from a document's facts."""
        values = {found.name: found.normalized for found in facts.fields if found.value and found.normalized}
        family = family_of(facts.schema_key, values, facts.sha256)
        return cls(tenant_id, document_id, facts.schema_key, values, facts.signature, facts.revision, family)

    @property
    def key(self) -> str:
        """The business key that related documents share."""
        return business_key(self.schema_key, self.values)

    @property
    def bands(self) -> dict[int, int]:
        """Values by band number: those of the text, the business key and the person."""
        found = dict(enumerate(bands(self.minhash)))
        persons = ((NUMBER_BAND, PERSON_KEYS), (NAME_BAND, PERSONS))
        wanted = [(KEY_BAND, self.key), *((band, _first(self.values, names)) for band, names in persons)]
        return found | {band: _number(value) for band, value in wanted if value}


def _first(values: Mapping[str, str], names: Iterable[str]) -> str:
    return next((plain for name in names if (plain := letters_and_digits(values.get(name, "")))), "")


def _number(value: str) -> int:
    digest = blake2b(value.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def lock_business_key(fingerprint: DocumentFingerprint) -> None:
    """Serialise assessments of documents with one business key, so that the second sees the first."""
    if fingerprint.key:
        with prepared_cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))", [f"{fingerprint.tenant_id}/{fingerprint.key}"]
            )


def find_neighbours(fingerprint: DocumentFingerprint, document: Document, text: str) -> tuple[Neighbour, ...]:
    """Find documents that may be duplicates, other versions or contradictions."""
    wanted = [*_by_reference(fingerprint, document), *_by_bands(fingerprint)]
    ids = list(dict.fromkeys(wanted))[:MAX_NEIGHBOURS]
    rows = {row.id: row for row in _related(fingerprint.tenant_id, ids)} if ids else {}
    found = [rows[pk] for pk in ids if pk in rows]
    likeness = {row.id: _likeness(fingerprint, row) for row in found}
    nearest = sorted(likeness, key=lambda pk: -likeness[pk])[:MAX_TEXTS_COMPARED]
    texts = texts_of(fingerprint.tenant_id, [rows[pk] for pk in nearest if likeness[pk] >= COMPARE_TEXT_FROM])
    return tuple(_neighbour(row, text, texts.get(row.id)) for row in found)


class _RelatedRow(NamedTuple):
    """Columns of a related document and its fingerprint, which are None without one."""

    id: UUID
    run: int
    sha256: str
    received_at: datetime
    schema_key: str
    external_id: str
    supersedes_id: UUID | None
    assessed_as: str | None
    values: dict[str, str] | None
    minhash: list[int] | None
    method: str | None


def _likeness(fingerprint: DocumentFingerprint, other: _RelatedRow) -> float:
    """Estimate how similar two texts are; where the methods differ, so that the texts are compared."""
    if not other.minhash:
        return 0.0
    if other.method != SIGNATURE_METHOD:
        return COMPARE_TEXT_FROM
    return estimate_similarity(fingerprint.minhash, other.minhash)


def _related(tenant_id: TenantId, ids: Sequence[UUID]) -> list[_RelatedRow]:
    return [_RelatedRow(*row) for row in _rows_of_related(tenant_id, ids)]


@compiled_query
def _rows_of_related(tenant_id: TenantId, ids: Sequence[UUID]) -> "QuerySet[Document, Any]":
    present = Document.objects.filter(is_any_of("id", ids), tenant_id=tenant_id).exclude(status__in=MOVED_STATUSES)
    own = ("id", "run", "sha256", "created_at", "schema_key", "external_id", "supersedes_id")
    return present.values_list(
        *own, *(f"fingerprint__{name}" for name in ("schema_key", "values", "minhash", "method"))
    )


def _by_reference(fingerprint: DocumentFingerprint, document: Document) -> list[UUID]:
    """Return documents with the same bytes or external id, or related by a stated replacement."""
    same = Q(sha256=document.sha256) | Q(supersedes_id=fingerprint.document_id)
    if document.external_id:
        same |= Q(external_id=document.external_id)
    if document.supersedes_id:
        same |= Q(id=document.supersedes_id)
    rows = Document.objects.filter(same, tenant_id=fingerprint.tenant_id).exclude(id=fingerprint.document_id)
    return list(rows.order_by("-id").values_list("id", flat=True)[: MAX_NEIGHBOURS // 2])


def _by_bands(fingerprint: DocumentFingerprint) -> list[UUID]:
    wanted = fingerprint.bands
    if not wanted:
        return []
    with prepared_cursor() as cursor:
        cursor.execute(
            CANDIDATES,
            [
                KEY_BAND,
                list(wanted),
                list(wanted.values()),
                fingerprint.tenant_id,
                fingerprint.document_id,
                DOCUMENTS_PER_BAND,
                MAX_NEIGHBOURS,
            ],
        )
        return [row[0] for row in cursor.fetchall()]


def texts_of(tenant_id: TenantId, rows: Sequence[_RelatedRow | Document]) -> dict[UUID, str]:
    """Return the texts of a few documents, from their latest run."""
    if not rows:
        return {}
    with prepared_cursor() as cursor:
        cursor.execute(TEXTS, [[row.id for row in rows], [row.run for row in rows], tenant_id])
        return dict(cursor.fetchall())


def _neighbour(row: _RelatedRow, text: str, theirs: str | None) -> Neighbour:
    alike = compare_texts(text, theirs) if theirs else None
    values = row.values or {}
    return Neighbour(
        document_id=str(row.id),
        sha256=row.sha256,
        received_at=row.received_at,
        schema_key=row.schema_key if row.assessed_as is None else row.assessed_as,
        fields=values,
        text_similarity=alike.text if alike else 0.0,
        number_similarity=alike.numbers if alike else 0.0,
        external_id=row.external_id,
        revision=values.get(REVISION, ""),
        supersedes=str(row.supersedes_id) if row.supersedes_id else None,
    )


def save_fingerprint(fingerprint: DocumentFingerprint) -> None:
    """Store the fingerprint that other documents find this one by, replacing an earlier one."""
    row = Fingerprint(
        tenant_id=fingerprint.tenant_id,
        document_id=fingerprint.document_id,
        schema_key=fingerprint.schema_key,
        business_key=fingerprint.key,
        values={**fingerprint.values, REVISION: fingerprint.revision},
        minhash=list(fingerprint.minhash),
        bands=list(bands(fingerprint.minhash)),
        method=SIGNATURE_METHOD,
        family=fingerprint.family,
    )
    insert_rows([row], unique=("document_id",), replace=FINGERPRINT_COLUMNS)
    with prepared_cursor() as cursor:
        cursor.execute(DELETE_BANDS, [fingerprint.tenant_id, fingerprint.document_id])
    insert_rows(
        [
            FingerprintBand(
                tenant_id=fingerprint.tenant_id, document_id=fingerprint.document_id, band=band, value=value
            )
            for band, value in fingerprint.bands.items()
        ]
    )
