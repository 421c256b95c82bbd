"""Reference page of the statuses, from their enums and tables of transitions."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import TypeVar

from ingestion.domain.lifecycle import DOCUMENT_TRANSITIONS, FINAL, BatchStatus, DocumentStatus
from ingestion.domain.reprocessing_status import ReprocessingStatus
from ingestion.services.batches import BATCH_TRANSITIONS
from quality.domain.certificate import CertificateState
from refinery.api.markdown import code_list, table
from review.domain.lifecycle import TASK_TRANSITIONS, TaskKind, TaskState

S = TypeVar("S", bound=StrEnum)
D, R, T, K, B, C = DocumentStatus, ReprocessingStatus, TaskState, TaskKind, BatchStatus, CertificateState
INTRODUCTION = """# Statuses

Stored values, and the changes that are allowed. A change that is not in a table is refused.
[The data path](../data-path.md) explains who makes each change and what it waits for.
"""
DOCUMENTS = {
    D.RECEIVED: "stored; waits for its workflow, the virus scanner or its batch",
    D.READING: "pages are read, or a container is unpacked",
    D.NEEDS_PASSWORD: "encrypted; waits for a password",
    D.ASSESSING: "checks, scores, routing decision",
    D.IN_REVIEW: "a review task is open",
    D.APPROVED: "decided by a reviewer, or by risk under a certificate",
    D.REJECTED: "decided by a reviewer, or by a check of severity blocker",
    D.FAILED: "cannot be read; the error code says why",
    D.QUARANTINED: "malware, or a file that breaks its reader; an operator can release it",
    D.UNPACKED: "an archive; each file in it is a document",
    D.SPLIT: "a file with several documents; each of them is a document",
    D.SUPERSEDED: "a child document whose pages belong to other documents since its file was split again",
}
TASKS = {
    T.OPEN: "waits in its queue",
    T.CLAIMED: "a reviewer holds a lease on it",
    T.POSTPONED: "put off by its reviewer until a given time",
    T.SUBMITTED: "decided; can be undone by its reviewer for a short time, later reopened by a manager",
    T.CANCELLED: "no longer needed: the document was read again, split, released or erased",
}
KINDS = {
    K.REVIEW: "the routing decision asks for a person",
    K.SECOND: "the first reviewer asked for a second opinion",
    K.AUDIT: "blind check of a document that was approved without a person",
    K.GOLD: "document with known values, to measure reviewers (not used yet)",
    K.PASSWORD: "an encrypted file needs its password",
    K.CONFLICT: "two reviewers disagree (not used yet)",
}
REPROCESSINGS = {
    R.QUEUED: "requested",
    R.READING: "pages are being read",
    R.READY: "differences can be compared; waits for a person",
    R.FAILED: "could not be read",
    R.APPLIED: "became the document's current run",
    R.DROPPED: "discarded by a person, or superseded by another run",
}
BATCHES = {
    B.OPEN: "accepts documents; none has started",
    B.RUNNING: "documents are being read",
    B.PAUSED: "documents that have not started are held",
    B.CANCELLED: "held documents do not start; accepts no more",
    B.DONE: "all documents have a final status",
}
CERTIFICATES = {
    C.VALID: "documents below its threshold are approved without a person",
    C.SUSPENDED: "drift or a failed audit; can become valid again",
    C.VOID: "engine, model or rules changed; a new one is needed",
}


def render() -> str:
    """Return the page; raises KeyError for a status without a description."""
    controls = (
        (f"`{name}`", code_list(sorted(before)), f"`{after}`") for name, (before, after) in BATCH_TRANSITIONS.items()
    )
    parts = (
        INTRODUCTION,
        f"## Documents\n\n{_states(DocumentStatus, DOCUMENTS, DOCUMENT_TRANSITIONS)}\n",
        f"Final: {code_list(status for status in DocumentStatus if status in FINAL)}.\n",
        f"## Review tasks\n\n{_states(TaskState, TASKS, TASK_TRANSITIONS)}\n",
        f"## Kinds of review tasks\n\n{_meanings(TaskKind, KINDS)}\n",
        f"## Reprocessing runs\n\n{_meanings(ReprocessingStatus, REPROCESSINGS)}\n",
        f"## Batches\n\n{_meanings(BatchStatus, BATCHES)}\n\n{table(('Control', 'From', 'To'), controls)}\n",
        f"## Certificates\n\n{_meanings(CertificateState, CERTIFICATES)}\n",
    )
    return "\n".join(parts)


def _meanings(states: type[S], meanings: Mapping[S, str]) -> str:
    return table(("Status", "Meaning"), ((f"`{state}`", meanings[state]) for state in states))


def _states(states: type[S], meanings: Mapping[S, str], moves: Mapping[S, Collection[S]]) -> str:
    """Return a table of states; the next ones are in the order of the enum."""
    rows = ((f"`{s}`", meanings[s], code_list((n for n in states if n in moves[s]), "none")) for s in states)
    return table(("Status", "Meaning", "Can become"), rows)
