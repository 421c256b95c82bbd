"""Go through a tenant's whole log and name the first row that is not what was written."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from uuid import UUID

from refinery.core.audit.canonical import EVENT_SALT, SEAL_SALT, event_bytes, vouched
from refinery.core.audit.merkle import leaf_hash, root_of
from refinery.core.audit.models import AuditEvent, AuditLeaf, AuditSeal
from refinery.core.audit.sealing import LATE, last_seal, unsealed

CHUNK: Final = 2000


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that is wrong: `table` and `row` name it, `what` says how."""

    table: str
    row: UUID | None
    seal: int | None
    what: str

    def __str__(self) -> str:
        """Say it in a line."""
        place = f" (seal {self.seal})" if self.seal is not None else ""
        return f"{self.table} {self.row or ''}{place}: {self.what}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look at one tenant's log gave; `head` is the last good seal's digest."""

    events: int
    seals: int
    head: str
    first_bad: Finding | None


def verify_log(tenant_id: UUID, *, using: str = "default", head: str = "") -> Verdict:
    """Check every seal, leaf and event, in order. `head` is a digest noted outside: it must be in the chain."""
    counted = AuditEvent.objects.using(using).filter(tenant_id=tenant_id).count()
    good, digests = 0, [""]
    for seal, finding in _seals(tenant_id, using):
        if finding is not None:
            return Verdict(counted, good, digests[-1], finding)
        good += 1
        digests.append(seal.digest())
    finding = _tail(tenant_id, using)
    if finding is None and head and head not in digests:
        finding = Finding(
            "audit_seal", None, None, "the chain does not hold the head that was noted: its end is gone"
        )
    return Verdict(counted, good, digests[-1], finding)


def _seals(tenant_id: UUID, using: str) -> Iterator[tuple[AuditSeal, Finding | None]]:
    """Go along the seals and the leaves side by side."""
    previous = ""
    seals = iter(AuditSeal.objects.using(using).filter(tenant_id=tenant_id).order_by("number").iterator(CHUNK))
    groups = groupby(_leaves(tenant_id, using), key=lambda leaf: leaf.seal)
    for expected, (number, leaves) in enumerate(groups, start=1):
        seal = next(seals, None)
        if seal is None or seal.number != expected or number != expected:
            lost = seal if seal is not None else AuditSeal(tenant_id=tenant_id, number=expected)
            yield lost, Finding("audit_seal", None, expected, "the seal, or its leaves, are gone or added")
            return
        yield seal, _first_bad(seal, list(leaves), previous, using)
        previous = seal.digest()
    for extra in seals:
        yield extra, Finding("audit_seal", extra.id, extra.number, "the seal's leaves are gone")


def _leaves(tenant_id: UUID, using: str) -> Iterator[AuditLeaf]:
    rows = AuditLeaf.objects.using(using).filter(tenant_id=tenant_id).order_by("seal", "position")
    return rows.iterator(CHUNK)


def _first_bad(seal: AuditSeal, leaves: list[AuditLeaf], previous: str, using: str) -> Finding | None:
    return _bad_event(seal, leaves, using) or _bad_seal(seal, leaves, previous)


def _bad_event(seal: AuditSeal, leaves: list[AuditLeaf], using: str) -> Finding | None:
    ids = [leaf.event_id for leaf in leaves]
    rows = AuditEvent.objects.using(using).filter(tenant_id=seal.tenant_id)
    events = {event.id: event for start in range(0, len(ids), CHUNK) for event in rows.filter(
        pk__in=ids[start : start + CHUNK])}  # fmt: skip
    for position, leaf in enumerate(leaves):
        event = events.get(leaf.event_id)
        if leaf.position != position:
            return Finding("audit_leaf", None, seal.number, f"the leaf at position {position} is gone")
        if event is None:
            return Finding("audit_event", leaf.event_id, seal.number, "the event is gone")
        if leaf_hash(event_bytes(event)).hex() != leaf.hash or not _genuine(event):
            return Finding("audit_event", event.id, seal.number, "the event, or its leaf, was changed")
    return None


def _bad_seal(seal: AuditSeal, leaves: list[AuditLeaf], previous: str) -> Finding | None:
    wrong = {
        "its signature is not ours": not vouched(seal.as_bytes(), seal.signature, SEAL_SALT),
        "it does not follow the seal before it": seal.previous != previous,
        "its number of events is not that of its leaves": seal.events != len(leaves),
        "its leaves do not give its root": root_of([bytes.fromhex(leaf.hash) for leaf in leaves]).hex()
        != seal.root,
        "its ends are not those of its leaves": (seal.first_event, seal.last_event)
        != (leaves[0].event_id, leaves[-1].event_id),
    }
    told = next((what for what, is_so in wrong.items() if is_so), None)
    return Finding("audit_seal", seal.id, seal.number, told) if told else None


def _genuine(event: AuditEvent) -> bool:
    return vouched(event_bytes(event), event.mac, EVENT_SALT)


def _tail(tenant_id: UUID, using: str) -> Finding | None:
    """Check what waits for its seal: written by us, and not long ago."""
    head = last_seal(tenant_id, using)
    for event in unsealed(tenant_id, using).iterator(CHUNK):
        if not _genuine(event):
            return Finding("audit_event", event.id, None, "the event was inserted or changed by another hand")
        if head is not None and event.at < head.sealed_at - LATE:
            return Finding("audit_event", event.id, None, "the event is old and no seal holds it")
    return None
