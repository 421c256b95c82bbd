"""What a reviewer does with a task: claim, keep, let go, decide, take back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from refinery.core.tenancy.roles import Verb
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.problems import Problem
from review.api.tasks import (
    ClaimAnswer,
    EscalateRequest,
    LeaseAnswer,
    LeaseRequest,
    NextRequest,
    PostponeRequest,
    SubmitAnswer,
    SubmitRequest,
    claim_answer,
    queue_named,
)
from review.contracts import FieldEdit, Submission
from review.domain.corrections import UnknownField
from review.domain.lease_errors import LeaseLost, TaskTaken, TooManyLeases
from review.domain.lifecycle import InvalidMove, Verdict
from review.services.claims import claim_next, claim_task, heartbeat
from review.services.leases import escalate_task, postpone_task, release_task, skip_task
from review.services.submit import DocumentMovedOn, ReasonNeeded, submit_review
from review.services.undo import TooLate, undo_review


@contextmanager
def problems() -> Iterator[None]:
    """Turn what review's services raise into problems."""
    try:
        yield
    except LeaseLost as reason:
        detail = "The lease has run out or was given back. What you typed is kept; claim the task again."
        raise Problem(409, "lease-lost", "The lease is lost", detail) from reason
    except TaskTaken as reason:
        raise Problem(409, "task-taken", "Someone else has this task", "Take the next one.") from reason
    except TooManyLeases as reason:
        raise Problem(409, "too-many-leases", "You hold two tasks already", "Finish or release one.") from reason
    except (DocumentMovedOn, InvalidMove) as reason:
        detail = "It was decided or is being read again. Nothing of yours was overwritten."
        raise Problem(409, "moved-on", "The document is not in review any more", detail) from reason
    except ReasonNeeded as reason:
        raise Problem(
            422, "reason-needed", "A reason is needed", str(reason), errors={"reason": ["needed"]}
        ) from reason
    except UnknownField as reason:
        names = str(reason).split(", ")
        errors = {"corrections": [f"there is no field {name}" for name in names]}
        raise Problem(422, "unknown-field", "Unknown field", str(reason), errors=errors) from reason
    except TooLate as reason:
        detail = "Only who decided takes it back, and only for a short while; a manager can reopen the document."
        raise Problem(409, "too-late", "Too late to undo", detail) from reason


class NextTaskView(Endpoint):
    """The next task."""

    verbs: ClassVar = {"POST": Verb.REVIEW_WORK}

    @extend_schema(request=NextRequest, responses={200: ClaimAnswer, 204: None})
    def post(self, request: Request) -> Response:
        """Claim the next task; 204 when nothing waits."""
        values = self.valid(NextRequest)
        queue_id = queue_named(self, values.get("queue"))
        with problems():
            claimed = claim_next(actor=self.actor, ahead=values["ahead"], queue_id=queue_id)
        if claimed is None:
            return Response(status=204)
        return Response(claim_answer(self, claimed))


class ClaimView(Endpoint):
    """One task by its id."""

    verbs: ClassVar = {"POST": Verb.REVIEW_WORK}

    @extend_schema(request=None, responses=ClaimAnswer)
    def post(self, request: Request, task_id: UUID) -> Response:
        """Claim it; 409 when someone else has it."""
        with problems():
            claimed = claim_task(actor=self.actor, task_id=task_id)
        return Response(claim_answer(self, claimed))


class HeartbeatView(Endpoint):
    """A sign of life."""

    verbs: ClassVar = {"POST": Verb.REVIEW_WORK}

    @extend_schema(request=LeaseRequest, responses=LeaseAnswer)
    def post(self, request: Request, task_id: UUID) -> Response:
        """Lengthen the lease."""
        values = self.valid(LeaseRequest)
        with problems():
            lease = heartbeat(actor=self.actor, task_id=task_id, token=values["lease"])
        return Response({"token": str(lease.token), "expires_at": lease.expires_at})


class ReleaseView(Endpoint):
    """Give a task back."""

    verbs: ClassVar = {"POST": Verb.REVIEW_WORK}

    @extend_schema(request=LeaseRequest, responses={204: None})
    def post(self, request: Request, task_id: UUID) -> Response:
        """Back to its queue."""
        with problems():
            release_task(actor=self.actor, task_id=task_id, token=self.valid(LeaseRequest)["lease"])
        return Response(status=204)


class SkipView(Endpoint):
    """Never this task again."""

    verbs: ClassVar = {"POST": Verb.REVIEW_WORK}

    @extend_schema(request=LeaseRequest, responses={204: None})
    def post(self, request: Request, task_id: UUID) -> Response:
        """Give it to others."""
        with problems():
            skip_task(actor=self.actor, task_id=task_id, token=self.valid(LeaseRequest)["lease"])
        return Response(status=204)


class PostponeView(Endpoint):
    """Later, by the same person."""

    verbs: ClassVar = {"POST": Verb.REVIEW_WORK}

    @extend_schema(request=PostponeRequest, responses={204: None})
    def post(self, request: Request, task_id: UUID) -> Response:
        """Put it aside."""
        values = self.valid(PostponeRequest)
        until = timezone.now() + timedelta(seconds=values["seconds"])
        with problems():
            postpone_task(actor=self.actor, task_id=task_id, token=values["lease"], until=until)
        return Response(status=204)


class EscalateView(Endpoint):
    """Someone else should look."""

    verbs: ClassVar = {"POST": Verb.REVIEW_WORK}

    @extend_schema(request=EscalateRequest, responses={204: None})
    def post(self, request: Request, task_id: UUID) -> Response:
        """Raise it to the top for others."""
        values = self.valid(EscalateRequest)
        with problems():
            escalate_task(actor=self.actor, task_id=task_id, token=values["lease"], reason=values["reason"])
        return Response(status=204)


class SubmitView(Endpoint):
    """The decision."""

    verbs: ClassVar = {"POST": Verb.REVIEW_WORK}

    @extend_schema(request=SubmitRequest, responses=SubmitAnswer)
    def post(self, request: Request, task_id: UUID) -> Response:
        """Take the decision and its corrections in one transaction."""
        values = self.valid(SubmitRequest)
        with problems():
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
    """Take a decision back."""

    verbs: ClassVar = {"POST": Verb.REVIEW_WORK}

    @extend_schema(request=None, responses=ClaimAnswer)
    def post(self, request: Request, task_id: UUID) -> Response:
        """Reopen the caller's own decision within the grace."""
        with problems():
            claimed = undo_review(actor=self.actor, task_id=task_id)
        return Response(claim_answer(self, claimed))


def _submission(values: dict[str, Any]) -> Submission:
    edits = tuple(
        FieldEdit(
            edit["field"], edit["value"], edit.get("page"), tuple(edit["bbox"]) if edit.get("bbox") else None
        )
        for edit in values.get("corrections", [])
    )
    return Submission(Verdict(values["decision"]), values.get("reason", ""), edits)
