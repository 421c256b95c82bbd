"""Routes of /v1: those of each app, and the endpoints that span apps."""

from django.urls import URLPattern, URLResolver, include, path

from ingestion.api import urls as ingestion
from ingestion.models import Batch, Document
from quality.api import urls as quality
from refinery.api.documents import DocumentsView, DocumentView, PasswordView, ReopenView, RerunView, StatusView
from refinery.api.exports import ArtefactFileView, ArtefactView, ExportView, TrainingExamplesView
from refinery.api.extract import ExtractView
from refinery.api.metrics import QualityMetricsView, SlaMetricsView
from refinery.api.object_grants import grant_routes
from refinery.core.api import urls as core
from review.api import urls as review
from review.models import Queue

urlpatterns: list[URLPattern | URLResolver] = [
    # First, because `batches/<uuid:batch_id>/<str:action>` takes every name.
    *grant_routes(Batch, "batches/<uuid:batch_id>"),
    *grant_routes(Document, "documents/<uuid:document_id>"),
    *grant_routes(Queue, "queues/<uuid:queue_id>"),
    path("", include(review)),  # the most requested first: Django tries them in order
    path("", include(ingestion)),
    path("", include(quality)),
    path("", include(core)),
    path("documents", DocumentsView.as_view(), name="documents"),
    path("extract", ExtractView.as_view(), name="extract"),
    path("documents/<uuid:document_id>", DocumentView.as_view(), name="document"),
    path("documents/<uuid:document_id>/status", StatusView.as_view(), name="document-status"),
    path("documents/<uuid:document_id>/rerun", RerunView.as_view(), name="document-rerun"),
    path("documents/<uuid:document_id>/reopen", ReopenView.as_view(), name="document-reopen"),
    path("documents/<uuid:document_id>/password", PasswordView.as_view(), name="document-password"),
    path("documents/<uuid:document_id>/export", ExportView.as_view(), name="export"),
    path("artefacts/<uuid:artefact_id>", ArtefactView.as_view(), name="artefact"),
    path("artefacts/<uuid:artefact_id>/file", ArtefactFileView.as_view(), name="artefact-file"),
    path("training-examples", TrainingExamplesView.as_view(), name="training-examples"),
    path("metrics/quality", QualityMetricsView.as_view(), name="metrics-quality"),
    path("metrics/sla", SlaMetricsView.as_view(), name="metrics-sla"),
]
