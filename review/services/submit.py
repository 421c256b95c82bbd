"""Submission of a decision: verdict, corrections, training examples, audit and signal in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import DateTimeField, Func, OuterRef, QuerySet, Subquery
from django.utils import timezone

from ingestion.domain.lifecycle import DocumentStatus, transition_document
from ingestion.models import Document, Field
from quality.contracts import ExpertLabel, LabelKind, ReviewLabels
from quality.models import Issue
from quality.services.training_examples import record_examples
from refinery.core.audit.services import record_event
from refinery.core.database.bulk_rows import insert_rows, update_rows
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.compiled_queries import compiled_query
from refinery.core.tenancy.models import FourEyes, Tenant
from refinery.core.types import TenantId
from refinery.core.web.live_events import LiveEvent, announce, document_group, queue_group
from refinery.core.webhooks.services import WebhookEvent, emit
from review.contracts import Submission, SubmissionResult
from review.domain.corrections import Change, ChangeKind, Edit, diff, overturned
from review.domain.lifecycle import ReviewVerdict, TaskKind, TaskState, transition
from review.models import Correction, ReviewTask
from review.services.audits import conclude_audit
from review.services.confirmations import require_confirmation
from review.services.field_states import field_rows, field_states
from review.services.four_eyes import SecondPersonNeeded, effective_verdict, is_excluded
from review.services.grace import message_delay, undo_period
from review.services.leases import leased_task
from review.services.notation import notation_for
from review.services.tasks import TaskRequest, open_task
from review.services.workflow_signals import signal_task_workflows

RESTORABLE_COLUMNS = ("value", "normalized", "validations", "page", "bbox", "source", "human", "needs_human")
CONFIRMED_COLUMNS = ("human", "needs_human", "version", "updated_at")
WRITTEN_COLUMNS = (*RESTORABLE_COLUMNS, "version", "updated_at")
TASK_COLUMNS = ("state", "verdict", "reason", "submitted_at", "lease_token", "lease_expires_at")
DECIDED_COLUMNS = ("status", "stage", "decided_at", "decided_by_id", "version", "updated_at")
STATUS_BY_VERDICT = {ReviewVerdict.APPROVE: DocumentStatus.APPROVED, ReviewVerdict.REJECT: DocumentStatus.REJECTED}


class DocumentNotInReview(Exception):
    """The document is no longer in review: it was decided or reprocessed elsewhere."""


class ReasonNeeded(ValueError):
    """A rejection and an override of a critical issue need a reason."""


def submit_review(*, actor: Actor, task_id: UUID, token: UUID, submission: Submission) -> SubmissionResult:
    """Store a decision.

    Raises ReviewTask.DoesNotExist, LeaseLost, DocumentNotInReview, UnknownField, ReasonNeeded, ConfirmationNeeded,
    SecondPersonNeeded.
    """
    if submission.verdict is ReviewVerdict.REJECT and not submission.reason.strip():
        message = "say why the document is rejected"
        raise ReasonNeeded(message)
    with transaction.atomic():
        task = leased_task(actor, task_id, token)
        document, rule, now = _lock_document(actor, task)
        if not _may_be_decided(document, task, submission.verdict):
            raise DocumentNotInReview
        if submission.verdict is ReviewVerdict.APPROVE and is_excluded(actor, task):
            raise SecondPersonNeeded
        rows = field_rows(actor, document)
        changes = apply_edits(actor, document, rows, submission, task)
        require_confirmation(actor, document, submission, changes)
        examples = record_examples(labels_of(actor, document, changes, task), document, rows.values())
        _resolve_issues(actor, document, changes, submission)
        submission = replace(submission, verdict=effective_verdict(rule, submission, changes.values()))
        _close(task, submission, now)
        if task.kind == TaskKind.AUDIT:
            conclude_audit(actor, document, task, changes.values())
        else:
            _decide(actor, document, submission.verdict, task)
        record_event(
            actor.audit,
            "review.submitted",
            "document",
            document.id,
            task=str(task.id),
            verdict=submission.verdict.value,
            corrected=sum(change.kind is ChangeKind.CORRECTED for change in changes.values()),
        )
        signal_task_workflows(document, task, "submitted", verdict=submission.verdict.value)
        emit(submitted_event(task), delay_seconds=message_delay())
        stage = LiveEvent("document.status", str(document.id), document.status, document.stage, 1.0)
        announce(stage, document_group(document.id), queue_group(actor.tenant_id))
    until = (task.submitted_at or timezone.now()) + undo_period()
    corrected = tuple(name for name, change in changes.items() if change.kind is ChangeKind.CORRECTED)
    return SubmissionResult(document.id, document.status, until, examples, corrected)


def _lock_document(actor: Actor, task: ReviewTask) -> tuple[Document, FourEyes, datetime]:
    """Lock the task's document; return it with the tenant's rule and the clock of the database, in one statement."""
    document: Any = _locked_document.first(actor, task.document_id)  # with the annotations rule and now
    if document is None:
        raise Document.DoesNotExist
    return document, FourEyes(document.rule), document.now


@compiled_query
def _locked_document(actor: Actor, document_id: UUID) -> "QuerySet[Document]":
    rule = Tenant.objects.filter(pk=OuterRef("tenant_id")).values("four_eyes")
    now = Func(function="clock_timestamp", output_field=DateTimeField())
    rows = Document.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=document_id)
    return rows.annotate(rule=Subquery(rule), now=now)


def _may_be_decided(document: Document, task: ReviewTask, verdict: ReviewVerdict) -> bool:
    """Return whether the verdict is allowed.

    Any is allowed in review and in an audit of an approved document, only a rejection while the file waits for a
    password.
    """
    if task.kind == TaskKind.AUDIT:
        return document.run == task.run and document.status == DocumentStatus.APPROVED
    locked = document.status == DocumentStatus.NEEDS_PASSWORD and task.kind == TaskKind.PASSWORD
    open_to_all = document.status == DocumentStatus.IN_REVIEW
    return document.run == task.run and (open_to_all or (locked and verdict is ReviewVerdict.REJECT))


def submitted_event(task: ReviewTask) -> WebhookEvent:
    """Return the event of a decision; it is sent after the grace period, because an undo withdraws it."""
    data = {
        "document": str(task.document_id),
        "run": task.run,
        "task": str(task.id),
        "kind": task.kind,
        "verdict": task.verdict,
    }
    return WebhookEvent("review.submitted", TenantId(task.tenant_id), f"{task.id}/{task.fence}", data)


def apply_edits(
    actor: Actor, document: Document, rows: Mapping[str, Field], submission: Submission, task: ReviewTask | None
) -> dict[str, Change]:
    """Write the edits to the fields and store each change as a Correction; `rows` are those of field_rows."""
    states = field_states(actor, document, rows)
    edits = [Edit(edit.field, edit.value, edit.page, edit.bbox) for edit in submission.edits]
    notation = notation_for(document, states, edits)
    changes = diff(
        states,
        edits,
        approved=submission.verdict is ReviewVerdict.APPROVE,
        order=notation.order,
        today=timezone.localdate(),
        numbers=notation.numbers,
    )
    earlier = {change.field: _undo_values(rows[change.field]) for change in changes}
    for change in changes:
        _apply(rows[change.field], change)
    _write(rows, changes)
    insert_rows(
        [
            Correction(
                tenant_id=actor.tenant_id,
                task=task,
                document=document,
                run=document.run,
                field=change.field,
                kind=change.kind.value,
                before=change.before,
                after=change.after,
                page=change.page,
                bbox=list(change.bbox) if change.bbox else None,
                reason=submission.reason,
                restore=earlier[change.field],
                reviewer_id=actor.user_id,
            )
            for change in changes
        ]
    )
    return {change.field: change for change in changes}


def _write(rows: Mapping[str, Field], changes: Sequence[Change]) -> None:
    """Write the changed fields: one statement for all confirmed fields, whose flags alone change, one for edited."""
    update_rows([rows[change.field] for change in changes if not change.edited], CONFIRMED_COLUMNS)
    update_rows([rows[change.field] for change in changes if change.edited], WRITTEN_COLUMNS)


def _undo_values(row: Field) -> dict[str, Any]:
    """Return the column values that an undo restores."""
    return {name: getattr(row, name) for name in RESTORABLE_COLUMNS}


def _apply(row: Field, change: Change) -> None:
    row.human = change.kind.value
    row.needs_human = False
    row.version += 1
    if change.edited:
        row.value, row.normalized, row.source = change.after, change.normalized, "human"
        row.validations = [asdict(validation) for validation in change.validations]
        row.page = change.page or row.page
        row.bbox = list(change.bbox) if change.bbox else row.bbox


def labels_of(
    actor: Actor, document: Document, changes: Mapping[str, Change], task: ReviewTask | None = None
) -> ReviewLabels:
    """Return the labels that the changes give, for the training examples."""
    return ReviewLabels(
        tenant_id=actor.tenant_id,
        document_id=document.id,
        run=document.run,
        labels=[ExpertLabel(change.field, LabelKind(change.kind.value), change.after) for change in changes.values()],
        reviewer_id=actor.user_id,
        reviewer_role=actor.role.value,
        task_id=task.id if task else None,
    )


def _resolve_issues(actor: Actor, document: Document, changes: Mapping[str, Change], submission: Submission) -> None:
    """Record for each check whether its issue was overturned; an approval over an open issue is audited as an
    override.
    """
    issues = _unjudged_issues(actor, document.id, document.run)
    for issue in issues:
        issue.overturned = overturned(issue.field, changes)
        if issue.overturned or (submission.verdict is ReviewVerdict.APPROVE and issue.overturned is None):
            issue.accepted_by_id = actor.user_id
        if submission.verdict is ReviewVerdict.APPROVE and issue.overturned is not False:
            record_event(
                actor.audit,
                "issue.overridden",
                "document",
                document.id,
                code=issue.code,
                severity=issue.severity,
                reason=submission.reason[:80],
            )
    update_rows(issues, ("overturned", "accepted_by_id"))


@compiled_query
def _unjudged_issues(actor: Actor, document_id: UUID, run: int) -> "QuerySet[Issue]":
    return Issue.objects.visible_to(actor).filter(document_id=document_id, run=run, overturned=None)


def _close(task: ReviewTask, submission: Submission, at: datetime) -> None:
    task.state = transition(TaskState(task.state), TaskState.SUBMITTED)
    task.verdict = submission.verdict.value
    task.reason = submission.reason
    task.submitted_at = at
    task.lease_token = None
    task.lease_expires_at = None
    update_rows([task], TASK_COLUMNS)


def _decide(actor: Actor, document: Document, verdict: ReviewVerdict, task: ReviewTask) -> None:
    document.version += 1  # its row is locked
    if verdict is ReviewVerdict.NEEDS_SECOND_REVIEW:
        document.save(update_fields=["version", "updated_at"])
        second = TaskRequest(
            tenant_id=actor.tenant_id,
            document_id=document.id,
            run=document.run,
            schema_key=document.schema_key,
            kind=TaskKind.SECOND,
            reasons=("second opinion asked for",),
            risk=task.risk,
            priority=task.priority,
            excluded_id=actor.user_id,
        )
        open_task(second, at=timezone.now())
    else:
        document.status = transition_document(DocumentStatus(document.status), STATUS_BY_VERDICT[verdict])
        document.stage = "decided"
        document.decided_at = task.submitted_at
        document.decided_by_id = actor.user_id
        update_rows([document], DECIDED_COLUMNS)
