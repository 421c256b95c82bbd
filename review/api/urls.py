"""Routes of review below /v1: review tasks and field edits."""

from django.urls import path

from review.api import task_actions
from review.api.fields import FieldView
from review.api.tasks import TasksView

urlpatterns = [
    path("documents/<uuid:document_id>/fields/<slug:name>", FieldView.as_view(), name="field"),
    path("review/tasks", TasksView.as_view(), name="tasks"),
    path("review/tasks/next", task_actions.NextTaskView.as_view(), name="task-next"),
    path("review/tasks/<uuid:task_id>/claim", task_actions.ClaimView.as_view(), name="task-claim"),
    path("review/tasks/<uuid:task_id>/heartbeat", task_actions.HeartbeatView.as_view(), name="task-heartbeat"),
    path("review/tasks/<uuid:task_id>/release", task_actions.ReleaseView.as_view(), name="task-release"),
    path("review/tasks/<uuid:task_id>/skip", task_actions.SkipView.as_view(), name="task-skip"),
    path("review/tasks/<uuid:task_id>/postpone", task_actions.PostponeView.as_view(), name="task-postpone"),
    path("review/tasks/<uuid:task_id>/escalate", task_actions.EscalateView.as_view(), name="task-escalate"),
    path("review/tasks/<uuid:task_id>/submit", task_actions.SubmitView.as_view(), name="task-submit"),
    path("review/tasks/<uuid:task_id>/undo", task_actions.UndoView.as_view(), name="task-undo"),
]
