"""Verification of a tenant's whole log; reports the first row that differs from the original."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from uuid import UUID

from refinery.core.audit.canonical import EVENT_SALT, SEAL_SALT, event_bytes, mac_matches
from refinery.core.audit.merkle import leaf_hash, merkle_root
from refinery.core.audit.models import AuditEvent, AuditLeaf, AuditSeal
from refinery.core.audit.sealing import last_seal, oldest_unsealed_moment, unsealed_events

ROWS_PER_CHUNK: Final = 2000


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """Bad row: `table` and `row` identify it, `problem` describes the fault."""

    table: str
    row: UUID | None
    seal: int | None
    problem: str

    def __str__(self) -> str:
        """Return the finding as one line."""
        place = f" (seal {self.seal})" if self.seal is not None else ""
        return f"{self.table} {self.row or ''}{place}: {self.problem}"


@dataclass(frozen=True, slots=True)
class AuditVerification:
    """Result of verifying one tenant's log; `head` is the digest of the last good seal."""

    events: int
    seals: int
    head: str
    first_finding: AuditFinding | None


def verify_log(tenant_id: UUID, *, using: str = "default", heads: Collection[str] = ()) -> AuditVerification:
    """Check every seal, leaf and event, in order. `heads` are digests recorded outside: the chain must contain them."""
    counted = AuditEvent.objects.using(using).filter(tenant_id=tenant_id).count()
    good, digests = 0, [""]
    for seal, finding in _check_seals(tenant_id, using):
        if finding is not None:
            return AuditVerification(counted, good, digests[-1], finding)
        good += 1
        digests.append(seal.digest())
    finding = _check_unsealed_events(tenant_id, using)
    if finding is None and not set(heads) <= set(digests):
        problem = "the chain does not contain a head recorded outside of the database: its end is missing"
        finding = AuditFinding("audit_seal", None, None, problem)
    return AuditVerification(counted, good, digests[-1], finding)


def _check_seals(tenant_id: UUID, using: str) -> Iterator[tuple[AuditSeal, AuditFinding | None]]:
    """Check seals and leaves in parallel, by number."""
    previous = ""
    seals = iter(AuditSeal.objects.using(using).filter(tenant_id=tenant_id).order_by("number").iterator(ROWS_PER_CHUNK))
    groups = groupby(_leaves(tenant_id, using), key=lambda leaf: leaf.seal)
    for expected, (number, leaves) in enumerate(groups, start=1):
        seal = next(seals, None)
        if seal is None or seal.number != expected or number != expected:
            lost = seal if seal is not None else AuditSeal(tenant_id=tenant_id, number=expected)
            yield lost, AuditFinding("audit_seal", None, expected, "a seal, or its leaves, were removed or added")
            return
        yield seal, _check_seal(seal, list(leaves), previous, using)
        previous = seal.digest()
    for extra in seals:
        yield extra, AuditFinding("audit_seal", extra.id, extra.number, "the seal's leaves are missing")


def _leaves(tenant_id: UUID, using: str) -> Iterator[AuditLeaf]:
    rows = AuditLeaf.objects.using(using).filter(tenant_id=tenant_id).order_by("seal", "position")
    return rows.iterator(ROWS_PER_CHUNK)


def _check_seal(seal: AuditSeal, leaves: list[AuditLeaf], previous: str, using: str) -> AuditFinding | None:
    return _find_bad_event(seal, leaves, using) or _find_bad_seal(seal, leaves, previous)


def _find_bad_event(seal: AuditSeal, leaves: list[AuditLeaf], using: str) -> AuditFinding | None:
    ids = [leaf.event_id for leaf in leaves]
    rows = AuditEvent.objects.using(using).filter(tenant_id=seal.tenant_id)
    events = {
        event.id: event
        for start in range(0, len(ids), ROWS_PER_CHUNK)
        for event in rows.filter(pk__in=ids[start : start + ROWS_PER_CHUNK])
    }
    for position, leaf in enumerate(leaves):
        event = events.get(leaf.event_id)
        if leaf.position != position:
            return AuditFinding("audit_leaf", None, seal.number, f"the leaf at position {position} is missing")
        if event is None:
            return AuditFinding("audit_event", leaf.event_id, seal.number, "the event is missing")
        if leaf_hash(event_bytes(event)).hex() != leaf.hash or not _has_valid_mac(event):
            return AuditFinding("audit_event", event.id, seal.number, "the event, or its leaf, was changed")
    return None


def _find_bad_seal(seal: AuditSeal, leaves: list[AuditLeaf], previous: str) -> AuditFinding | None:
    wrong = {
        "its signature is not valid": not mac_matches(seal.as_bytes(), seal.signature, SEAL_SALT),
        "it is not chained to the previous seal": seal.previous != previous,
        "its number of events differs from its number of leaves": seal.events != len(leaves),
        "its root does not match its leaves": merkle_root([bytes.fromhex(leaf.hash) for leaf in leaves]).hex()
        != seal.root,
        "its first and last events do not match its leaves": (seal.first_event, seal.last_event)
        != (leaves[0].event_id, leaves[-1].event_id),
    }
    problem = next((what for what, is_so in wrong.items() if is_so), None)
    return AuditFinding("audit_seal", seal.id, seal.number, problem) if problem else None


def _has_valid_mac(event: AuditEvent) -> bool:
    return mac_matches(event_bytes(event), event.mac, EVENT_SALT)


def _check_unsealed_events(tenant_id: UUID, using: str) -> AuditFinding | None:
    """Check the unsealed events: authentic and recent."""
    head = last_seal(tenant_id, using)
    for event in unsealed_events(tenant_id, using).iterator(ROWS_PER_CHUNK):
        if not _has_valid_mac(event):
            return AuditFinding(
                "audit_event", event.id, None, "the event was inserted or changed outside the application"
            )
        if head is not None and event.at < oldest_unsealed_moment(head):
            return AuditFinding("audit_event", event.id, None, "the event is old and not in any seal")
    return None
