"""URLs of the pages about documents and batches."""

from django.urls import path

from ingestion.views.batches import batch, batch_list
from ingestion.views.bulk_reprocessings import choose, reprocessings
from ingestion.views.documents import document_list, search
from ingestion.views.exports import exports
from ingestion.views.record import password, record, rerun
from ingestion.views.reprocessings import apply, drop, reprocess, reprocess_batch, reprocess_chosen, reprocessing
from ingestion.views.split_editor import pages, separator

app_name = "ingestion"
urlpatterns = [
    path("documents/", document_list, name="documents"),
    path("documents/search", search, name="search"),
    path("documents/<uuid:document_id>/", record, name="document"),
    path("documents/separator.pdf", separator, name="separator"),
    path("documents/<uuid:document_id>/pages/", pages, name="pages"),
    path("documents/<uuid:document_id>/exports", exports, name="exports"),
    path("documents/<uuid:document_id>/rerun", rerun, name="rerun"),
    path("documents/<uuid:document_id>/password", password, name="password"),
    path("documents/reprocessings/", reprocessings, name="reprocessings"),
    path("documents/reprocessings/choose", choose, name="reprocessings-choose"),
    path("documents/reprocess", reprocess_chosen, name="reprocess-chosen"),
    path("documents/<uuid:document_id>/reprocess", reprocess, name="reprocess"),
    path("documents/<uuid:document_id>/reprocessings/<uuid:reprocessing_id>/", reprocessing, name="reprocessing"),
    path("documents/<uuid:document_id>/reprocessings/<uuid:reprocessing_id>/apply", apply, name="reprocessing-apply"),
    path("documents/<uuid:document_id>/reprocessings/<uuid:reprocessing_id>/drop", drop, name="reprocessing-drop"),
    path("batches/", batch_list, name="batches"),
    path("batches/<uuid:batch_id>/", batch, name="batch"),
    path("batches/<uuid:batch_id>/reprocess", reprocess_batch, name="reprocess-batch"),
]
