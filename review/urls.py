"""URLs of the desk, of tasks and of reopening a document."""

from django.urls import path

from review.views.desk import desk, release, start
from review.views.draft import checks, draft
from review.views.reopen import reopen
from review.views.task import comment, payload, task

app_name = "review"
urlpatterns = [
    path("", desk, name="desk"),
    path("review/start/", start, name="start"),
    path("review/tasks/<uuid:task_id>/", task, name="task"),
    path("review/tasks/<uuid:task_id>/payload", payload, name="payload"),
    path("review/tasks/<uuid:task_id>/draft", draft, name="draft"),
    path("review/tasks/<uuid:task_id>/checks", checks, name="checks"),
    path("review/tasks/<uuid:task_id>/give-back", release, name="give-back"),
    path("review/tasks/<uuid:task_id>/comment", comment, name="comment"),
    path("documents/<uuid:document_id>/reopen", reopen, name="reopen"),
]
