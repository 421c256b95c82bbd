"""Addresses of the pages that people work on all day."""

from django.urls import path

from review.views.batches import batch, batch_list
from review.views.bulk_reprocessings import choose, rereadings
from review.views.desk import desk, start
from review.views.documents import document_list, search
from review.views.exports import exports
from review.views.record import password, record, reopen, rerun
from review.views.reprocessings import apply, ask, ask_batch, ask_chosen, drop, rereading
from review.views.split_editor import pages, separator
from review.views.task import comment, draft, payload, task

app_name = "review"
urlpatterns = [
    path("", desk, name="desk"),
    path("review/start/", start, name="start"),
    path("review/tasks/<uuid:task_id>/", task, name="task"),
    path("review/tasks/<uuid:task_id>/payload", payload, name="payload"),
    path("review/tasks/<uuid:task_id>/draft", draft, name="draft"),
    path("review/tasks/<uuid:task_id>/comment", comment, name="comment"),
    path("documents/", document_list, name="documents"),
    path("documents/search", search, name="search"),
    path("documents/<uuid:document_id>/", record, name="document"),
    path("documents/separator.pdf", separator, name="separator"),
    path("documents/<uuid:document_id>/pages/", pages, name="pages"),
    path("documents/<uuid:document_id>/exports", exports, name="exports"),
    path("documents/<uuid:document_id>/rerun", rerun, name="rerun"),
    path("documents/<uuid:document_id>/reopen", reopen, name="reopen"),
    path("documents/rereadings/", rereadings, name="rereadings"),
    path("documents/rereadings/choose", choose, name="rereadings-choose"),
    path("documents/reread", ask_chosen, name="reread-chosen"),
    path("documents/<uuid:document_id>/reread", ask, name="reread"),
    path("documents/<uuid:document_id>/rereadings/<uuid:rereading_id>/", rereading, name="rereading"),
    path("documents/<uuid:document_id>/rereadings/<uuid:rereading_id>/apply", apply, name="rereading-apply"),
    path("documents/<uuid:document_id>/rereadings/<uuid:rereading_id>/drop", drop, name="rereading-drop"),
    path("documents/<uuid:document_id>/password", password, name="password"),
    path("batches/", batch_list, name="batches"),
    path("batches/<uuid:batch_id>/", batch, name="batch"),
    path("batches/<uuid:batch_id>/reread", ask_batch, name="reread-batch"),
]
