"""The other documents that cross-document checks look at: found by key, by person, by bytes and by likeness.

All lookups are one index each. Likeness is a band of a MinHash; document numbers and persons use bands of
their own, so that one statement finds them all. Each band gives its newest documents alone: a template that a
tenant has received a million times costs no more than a rare one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

from django.db import connection
from django.db.models import Q

from ingestion.domain.lifecycle import DocumentStatus
from ingestion.domain.normalize import letters_and_digits
from ingestion.models import Document, Page
from quality.domain.facts import FactSet, Neighbour
from quality.domain.fingerprints import bands, compare_texts, estimate
from quality.domain.pools import business_key, family_of
from quality.domain.vocabulary import PERSON_KEYS, PERSONS
from quality.models import Fingerprint, FingerprintBand
from refinery.core.types import TenantId

KEY_BAND, NUMBER_BAND, NAME_BAND = 1000, 1001, 1002  # above those of any MinHash
A_BAND = 50
REVISION = "_revision"  # beside the fields' values: no field's name begins so
MOST = 24
GONE = (DocumentStatus.SPLIT, DocumentStatus.SUPERSEDED)  # their pages stand in other documents
COMPARED = 6
COMPARED_FROM = 0.25

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


@dataclass(frozen=True, slots=True)
class Print:
    """What is looked up of one document: its keys and its text's MinHash."""

    tenant_id: TenantId
    document_id: UUID
    schema_key: str
    values: Mapping[str, str]
    minhash: Sequence[int]
    revision: str
    family: str

    @classmethod
    def of(cls, tenant_id: TenantId, document_id: UUID, facts: FactSet) -> "Print":
        """Take the print of a document's facts."""
        values = {found.name: found.normalized for found in facts.fields if found.value and found.normalized}
        family = family_of(facts.schema_key, values, facts.sha256)
        return cls(tenant_id, document_id, facts.schema_key, values, facts.signature, facts.revision, family)

    @property
    def key(self) -> str:
        """The value by which documents of one matter are found."""
        return business_key(self.schema_key, self.values)

    @property
    def bands(self) -> dict[int, int]:
        """Band by number: the text's, the matter's and the person's."""
        found = dict(enumerate(bands(self.minhash)))
        persons = ((NUMBER_BAND, PERSON_KEYS), (NAME_BAND, PERSONS))
        wanted = [(KEY_BAND, self.key), *((band, _first(self.values, names)) for band, names in persons)]
        return found | {band: _number(value) for band, value in wanted if value}


def _first(values: Mapping[str, str], names: Iterable[str]) -> str:
    return next((plain for name in names if (plain := letters_and_digits(values.get(name, "")))), "")


def _number(value: str) -> int:
    digest = blake2b(value.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def lock_matter(taken: Print) -> None:
    """Let two documents of one matter be judged one after the other, so that the second sees the first."""
    if taken.key:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))", [f"{taken.tenant_id}/{taken.key}"]
            )


def find_neighbours(taken: Print, document: Document, text: str) -> tuple[Neighbour, ...]:
    """Find the documents that may be the same thing, another version of it, or speak against it."""
    wanted = [*_by_reference(taken, document), *_by_bands(taken)]
    ids = list(dict.fromkeys(wanted))[:MOST]
    present = Document.objects.filter(tenant_id=taken.tenant_id, id__in=ids).exclude(status__in=GONE)
    rows = {row.id: row for row in present.select_related("fingerprint")}
    found = [(rows[pk], _print_of(rows[pk])) for pk in ids if pk in rows]
    likeness = {row.id: estimate(taken.minhash, other.minhash) if other else 0.0 for row, other in found}
    nearest = sorted(likeness, key=lambda pk: -likeness[pk])[:COMPARED]
    texts = _texts(taken.tenant_id, [rows[pk] for pk in nearest if likeness[pk] >= COMPARED_FROM])
    return tuple(_neighbour(row, other, text, texts.get(row.id)) for row, other in found)


def _print_of(row: Document) -> Fingerprint | None:
    return getattr(row, "fingerprint", None)


def _by_reference(taken: Print, document: Document) -> list[UUID]:
    """Same bytes, same id at the sender's, or named as replaced."""
    same = Q(sha256=document.sha256) | Q(supersedes_id=taken.document_id)
    if document.external_id:
        same |= Q(external_id=document.external_id)
    if document.supersedes_id:
        same |= Q(id=document.supersedes_id)
    rows = Document.objects.filter(same, tenant_id=taken.tenant_id).exclude(id=taken.document_id)
    return list(rows.order_by("-id").values_list("id", flat=True)[: MOST // 2])


def _by_bands(taken: Print) -> list[UUID]:
    wanted = taken.bands
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            CANDIDATES,
            [
                KEY_BAND,
                list(wanted),
                list(wanted.values()),
                taken.tenant_id,
                taken.document_id,
                A_BAND,
                MOST,
            ],
        )
        return [row[0] for row in cursor.fetchall()]


def _texts(tenant_id: TenantId, rows: Sequence[Document]) -> dict[UUID, str]:
    """Give the texts of a few documents, as their last run read them."""
    wanted = Q(pk__in=[])
    for row in rows:
        wanted |= Q(document_id=row.id, run=row.run)
    pages = Page.objects.filter(wanted, tenant_id=tenant_id).order_by("document_id", "number")
    texts: dict[UUID, list[str]] = {}
    for document_id, words in pages.values_list("document_id", "words"):
        texts.setdefault(document_id, []).append(" ".join(word["text"] for word in words))
    return {document_id: "\n".join(parts) for document_id, parts in texts.items()}


def _neighbour(row: Document, other: Fingerprint | None, text: str, theirs: str | None) -> Neighbour:
    alike = compare_texts(text, theirs) if theirs else None
    return Neighbour(
        document_id=str(row.id),
        sha256=row.sha256,
        received_at=row.created_at,
        schema_key=other.schema_key if other else row.schema_key,
        fields=other.values if other else {},
        text_similarity=alike.text if alike else 0.0,
        number_similarity=alike.numbers if alike else 0.0,
        external_id=row.external_id,
        revision=other.values.get(REVISION, "") if other else "",
        supersedes=str(row.supersedes_id) if row.supersedes_id else None,
    )


def keep_print(taken: Print) -> None:
    """Write what other documents will find this one by, in place of what stood there before."""
    Fingerprint.objects.update_or_create(
        tenant_id=taken.tenant_id,
        document_id=taken.document_id,
        defaults={
            "schema_key": taken.schema_key,
            "business_key": taken.key,
            "values": {**taken.values, REVISION: taken.revision},
            "minhash": list(taken.minhash),
            "bands": list(bands(taken.minhash)),
            "family": taken.family,
        },
    )
    rows = FingerprintBand.objects.filter(tenant_id=taken.tenant_id, document_id=taken.document_id)
    rows.delete()
    FingerprintBand.objects.bulk_create(
        [
            FingerprintBand(tenant_id=taken.tenant_id, document_id=taken.document_id, band=band, value=value)
            for band, value in taken.bands.items()
        ]
    )
