"""REST endpoints of a reviewer's actions on a task: claim, heartbeat, release, submit, undo."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from refinery.core.tenancy.roles import Permission
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.problems import Problem
from review.api import tasks
from review.contracts import FieldEdit, Submission
from review.domain.corrections import UnknownField
from review.domain.lease_errors import LeaseLost, TaskAlreadyClaimed, TooManyLeases
from review.domain.lifecycle import InvalidTaskTransition, ReviewVerdict
from review.services.claims import claim_next, claim_task, heartbeat
from review.services.confirmations import ConfirmationNeeded
from review.services.four_eyes import SecondPersonNeeded
from review.services.leases import escalate_task, postpone_task, release_task, skip_task
from review.services.submit import DocumentNotInReview, ReasonNeeded, submit_review
from review.services.undo import UndoExpired, undo_review


@contextmanager
def review_errors_as_problems() -> Iterator[None]:
    """Convert exceptions of the review services into problems."""
    try:
        yield
    except LeaseLost as reason:
        detail = "The lease has expired or was released. What you typed is kept; claim the task again."
        raise Problem(409, "lease-lost", "The lease is lost", detail) from reason
    except TaskAlreadyClaimed as reason:
        raise Problem(409, "task-taken", "Someone else has this task", "Take the next one.") from reason
    except TooManyLeases as reason:
        raise Problem(409, "too-many-leases", "You hold two tasks already", "Finish or release one.") from reason
    except (DocumentNotInReview, InvalidTaskTransition) as reason:
        detail = "It was decided or is being read again. Nothing of yours was overwritten."
        raise Problem(409, "not-in-review", "The document is not in review any more", detail) from reason
    except SecondPersonNeeded as reason:
        detail = "You uploaded the document, changed its values or reviewed it before: another person has to decide."
        raise Problem(403, "four-eyes", "Another person has to decide", detail) from reason
    except ConfirmationNeeded as reason:
        detail = "A person emptied a required value, or entered one that is not valid. Send a reason to approve it."
        raise Problem(
            422, "confirmation-needed", "Confirm these values", detail, errors=dict(reason.doubts)
        ) from reason
    except ReasonNeeded as reason:
        raise Problem(
            422, "reason-needed", "A reason is needed", str(reason), errors={"reason": ["needed"]}
        ) from reason
    except UnknownField as reason:
        names = str(reason).split(", ")
        errors = {"corrections": [f"there is no field {name}" for name in names]}
        raise Problem(422, "unknown-field", "Unknown field", str(reason), errors=errors) from reason
    except UndoExpired as reason:
        detail = (
            "Only the person who decided can undo it, and only for a short time; a manager can reopen the document."
        )
        raise Problem(409, "too-late", "Too late to undo", detail) from reason


class NextTaskView(Endpoint):
    """Next task."""

    required_permissions: ClassVar = {"POST": Permission.REVIEW_WORK}
    problems: ClassVar = {"POST": (409,)}

    @extend_schema(request=tasks.NextTaskRequest, responses={200: tasks.ClaimResponse, 204: None})
    def post(self, request: Request) -> Response:
        """Claim the next task; 204 if no task is waiting."""
        values = self.validated(tasks.NextTaskRequest)
        queue_id = tasks.find_queue_id(self, values.get("queue"))
        with review_errors_as_problems():
            claimed = claim_next(actor=self.actor, ahead=values["ahead"], queue_id=queue_id)
        if claimed is None:
            return Response(status=204)
        return Response(tasks.claim_response(self, claimed))


class ClaimView(Endpoint):
    """Claim of a task by id."""

    required_permissions: ClassVar = {"POST": Permission.REVIEW_WORK}
    problems: ClassVar = {"POST": (409,)}

    @extend_schema(request=None, responses=tasks.ClaimResponse)
    def post(self, request: Request, task_id: UUID) -> Response:
        """Claim the task; 409 if another user has claimed it."""
        with review_errors_as_problems():
            claimed = claim_task(actor=self.actor, task_id=task_id)
        return Response(tasks.claim_response(self, claimed))


class HeartbeatView(Endpoint):
    """Heartbeat of a lease."""

    required_permissions: ClassVar = {"POST": Permission.REVIEW_WORK}
    problems: ClassVar = {"POST": (409,)}

    @extend_schema(request=tasks.LeaseRequest, responses=tasks.LeaseResponse)
    def post(self, request: Request, task_id: UUID) -> Response:
        """Extend the lease."""
        values = self.validated(tasks.LeaseRequest)
        with review_errors_as_problems():
            lease = heartbeat(actor=self.actor, task_id=task_id, token=values["lease"])
        return Response({"token": str(lease.token), "expires_at": lease.expires_at})


class ReleaseView(Endpoint):
    """Release of a claimed task."""

    required_permissions: ClassVar = {"POST": Permission.REVIEW_WORK}
    problems: ClassVar = {"POST": (409,)}

    @extend_schema(request=tasks.LeaseRequest, responses={204: None})
    def post(self, request: Request, task_id: UUID) -> Response:
        """Return the task to its queue."""
        with review_errors_as_problems():
            release_task(actor=self.actor, task_id=task_id, token=self.validated(tasks.LeaseRequest)["lease"])
        return Response(status=204)


class SkipView(Endpoint):
    """Skip of a task, for this user only."""

    required_permissions: ClassVar = {"POST": Permission.REVIEW_WORK}
    problems: ClassVar = {"POST": (409,)}

    @extend_schema(request=tasks.LeaseRequest, responses={204: None})
    def post(self, request: Request, task_id: UUID) -> Response:
        """Return the task to its queue; it is not offered to the caller again."""
        with review_errors_as_problems():
            skip_task(actor=self.actor, task_id=task_id, token=self.validated(tasks.LeaseRequest)["lease"])
        return Response(status=204)


class PostponeView(Endpoint):
    """Postponement by the same user."""

    required_permissions: ClassVar = {"POST": Permission.REVIEW_WORK}
    problems: ClassVar = {"POST": (409,)}

    @extend_schema(request=tasks.PostponeRequest, responses={204: None})
    def post(self, request: Request, task_id: UUID) -> Response:
        """Postpone the task; it returns to the same user."""
        values = self.validated(tasks.PostponeRequest)
        until = timezone.now() + timedelta(seconds=values["seconds"])
        with review_errors_as_problems():
            postpone_task(actor=self.actor, task_id=task_id, token=values["lease"], until=until)
        return Response(status=204)


class EscalateView(Endpoint):
    """Escalation to the people who may decide it."""

    required_permissions: ClassVar = {"POST": Permission.REVIEW_WORK}
    problems: ClassVar = {"POST": (409,)}

    @extend_schema(request=tasks.EscalateRequest, responses={204: None})
    def post(self, request: Request, task_id: UUID) -> Response:
        """Hand the task to managers and administrators, with a note; it is in their inbox and in the history."""
        values = self.validated(tasks.EscalateRequest)
        with review_errors_as_problems():
            escalate_task(actor=self.actor, task_id=task_id, token=values["lease"], reason=values["reason"])
        return Response(status=204)


class SubmitView(Endpoint):
    """Decision on a task."""

    required_permissions: ClassVar = {"POST": Permission.REVIEW_WORK}
    problems: ClassVar = {"POST": (409,)}

    @extend_schema(request=tasks.SubmitRequest, responses=tasks.SubmitResponse)
    def post(self, request: Request, task_id: UUID) -> Response:
        """Store the decision and its corrections in one transaction."""
        values = self.validated(tasks.SubmitRequest)
        with review_errors_as_problems():
            done = submit_review(
                actor=self.actor, task_id=task_id, token=values["lease"], submission=_submission(values)
            )
        return Response(
            {
                "status": done.document_status,
                "document": str(done.document_id),
                "undo_until": done.undo_until,
                "training_examples": done.examples,
                "next": "/v1/review/tasks/next",
            }
        )


class UndoView(Endpoint):
    """Undo of a decision."""

    required_permissions: ClassVar = {"POST": Permission.REVIEW_WORK}
    problems: ClassVar = {"POST": (409,)}

    @extend_schema(request=None, responses=tasks.ClaimResponse)
    def post(self, request: Request, task_id: UUID) -> Response:
        """Reopen the caller's decision within the grace period."""
        with review_errors_as_problems():
            claimed = undo_review(actor=self.actor, task_id=task_id)
        return Response(tasks.claim_response(self, claimed))


def _submission(values: dict[str, Any]) -> Submission:
    edits = tuple(
        FieldEdit(edit["field"], edit["value"], edit.get("page"), tuple(edit["bbox"]) if edit.get("bbox") else None)
        for edit in values.get("corrections", [])
    )
    return Submission(ReviewVerdict(values["decision"]), values.get("reason", ""), edits, values["confirm_values"])
