"""Routes of review below /v1: review tasks and field edits."""

from django.urls import path

from review.api.fields import FieldView
from review.api.task_actions import (
    ClaimView,
    EscalateView,
    HeartbeatView,
    NextTaskView,
    PostponeView,
    ReleaseView,
    SkipView,
    SubmitView,
    UndoView,
)
from review.api.tasks import TasksView

urlpatterns = [
    path("documents/<uuid:document_id>/fields/<slug:name>", FieldView.as_view(), name="field"),
    path("review/tasks", TasksView.as_view(), name="tasks"),
    path("review/tasks/next", NextTaskView.as_view(), name="task-next"),
    path("review/tasks/<uuid:task_id>/claim", ClaimView.as_view(), name="task-claim"),
    path("review/tasks/<uuid:task_id>/heartbeat", HeartbeatView.as_view(), name="task-heartbeat"),
    path("review/tasks/<uuid:task_id>/release", ReleaseView.as_view(), name="task-release"),
    path("review/tasks/<uuid:task_id>/skip", SkipView.as_view(), name="task-skip"),
    path("review/tasks/<uuid:task_id>/postpone", PostponeView.as_view(), name="task-postpone"),
    path("review/tasks/<uuid:task_id>/escalate", EscalateView.as_view(), name="task-escalate"),
    path("review/tasks/<uuid:task_id>/submit", SubmitView.as_view(), name="task-submit"),
    path("review/tasks/<uuid:task_id>/undo", UndoView.as_view(), name="task-undo"),
]
