"""Addresses of /v1: one line an endpoint."""

from django.urls import path

from ingestion.api.batches import BatchesView, BatchView, SteerBatchView
from ingestion.api.einvoices import EInvoiceView, EInvoiceXmlView
from ingestion.api.ingest import IngestView
from ingestion.api.page_text import DocumentTextView, PageTextView
from ingestion.api.pages import FieldsView, PageImageView, PageView
from ingestion.api.regions import RegionsView, RegionView
from ingestion.api.schemas import SchemasView, TenantSchemaView
from quality.api.learning import ModelsView, PromoteView, RollBackView, TrainingsView
from refinery.api.documents import DocumentsView, DocumentView, PasswordView, ReopenView, RerunView, StatusView
from refinery.api.exports import ArtefactFileView, ArtefactView, ExportView, TrainingExamplesView
from refinery.api.extract import ExtractView
from refinery.api.metrics import QualityMetricsView, SlaMetricsView
from refinery.core.api.api_keys import ApiKeysView, ApiKeyView
from refinery.core.api.tokens import RefreshView, TicketsView, TokensView
from refinery.core.api.webhooks import (
    DeliveriesView,
    ReplayView,
    RotateView,
    UploadSecretView,
    WebhooksView,
    WebhookView,
)
from refinery.core.web.openapi import SchemaView, docs
from review.api.bulk_reprocessings import DropManyView, ManyRereadingsView, TakeManyView
from review.api.fields import FieldView
from review.api.reprocessings import (
    ApplyRereadingView,
    DropRereadingView,
    RereadingPageView,
    RereadingsView,
    RereadingView,
)
from review.api.splits import SplitView, TurnsView
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
    path("tokens", TokensView.as_view(), name="tokens"),
    path("tokens/refresh", RefreshView.as_view(), name="tokens-refresh"),
    path("tickets", TicketsView.as_view(), name="tickets"),
    path("api-keys", ApiKeysView.as_view(), name="api-keys"),
    path("api-keys/<uuid:key_id>", ApiKeyView.as_view(), name="api-key"),
    path("schema", SchemaView.as_view(), name="schema"),
    path("docs", docs, name="docs"),
    path("documents", DocumentsView.as_view(), name="documents"),
    path("documents/ingest", IngestView.as_view(), name="ingest"),
    path("extract", ExtractView.as_view(), name="extract"),
    path("documents/<uuid:document_id>", DocumentView.as_view(), name="document"),
    path("documents/<uuid:document_id>/status", StatusView.as_view(), name="document-status"),
    path("documents/<uuid:document_id>/rerun", RerunView.as_view(), name="document-rerun"),
    path("documents/<uuid:document_id>/reopen", ReopenView.as_view(), name="document-reopen"),
    path("documents/<uuid:document_id>/password", PasswordView.as_view(), name="document-password"),
    path("documents/<uuid:document_id>/pages/<int:number>", PageView.as_view(), name="page"),
    path("documents/<uuid:document_id>/text", DocumentTextView.as_view(), name="document-text"),
    path("documents/<uuid:document_id>/pages/<int:number>/text", PageTextView.as_view(), name="page-text"),
    path("documents/<uuid:document_id>/pages/<int:number>/image", PageImageView.as_view(), name="page-image"),
    path(
        "documents/<uuid:document_id>/pages/<int:number>/thumbnail",
        PageImageView.as_view(thumbnail=True),
        name="page-thumbnail",
    ),
    path("documents/<uuid:document_id>/pages/<int:number>/regions", RegionsView.as_view(), name="regions"),
    path(
        "documents/<uuid:document_id>/pages/<int:number>/regions/<uuid:region_id>",
        RegionView.as_view(),
        name="region",
    ),
    path("documents/<uuid:document_id>/e-invoice", EInvoiceView.as_view(), name="e-invoice"),
    path("documents/<uuid:document_id>/e-invoice/xml", EInvoiceXmlView.as_view(), name="e-invoice-xml"),
    path("documents/<uuid:document_id>/rereadings", RereadingsView.as_view(), name="rereadings"),
    path("documents/<uuid:document_id>/rereadings/<uuid:rereading_id>", RereadingView.as_view(), name="rereading"),
    path(
        "documents/<uuid:document_id>/rereadings/<uuid:rereading_id>/pages/<int:number>",
        RereadingPageView.as_view(),
        name="rereading-page",
    ),
    path(
        "documents/<uuid:document_id>/rereadings/<uuid:rereading_id>/apply",
        ApplyRereadingView.as_view(),
        name="rereading-apply",
    ),
    path(
        "documents/<uuid:document_id>/rereadings/<uuid:rereading_id>/drop",
        DropRereadingView.as_view(),
        name="rereading-drop",
    ),
    path("rereadings", ManyRereadingsView.as_view(), name="rereadings-many"),
    path("rereadings/apply", TakeManyView.as_view(), name="rereadings-apply"),
    path("rereadings/drop", DropManyView.as_view(), name="rereadings-drop"),
    path("documents/<uuid:document_id>/split", SplitView.as_view(), name="split"),
    path("documents/<uuid:document_id>/turns", TurnsView.as_view(), name="turns"),
    path("documents/<uuid:document_id>/fields", FieldsView.as_view(), name="fields"),
    path("documents/<uuid:document_id>/fields/<slug:name>", FieldView.as_view(), name="field"),
    path("documents/<uuid:document_id>/export", ExportView.as_view(), name="export"),
    path("artefacts/<uuid:artefact_id>", ArtefactView.as_view(), name="artefact"),
    path("artefacts/<uuid:artefact_id>/file", ArtefactFileView.as_view(), name="artefact-file"),
    path("batches", BatchesView.as_view(), name="batches"),
    path("batches/<uuid:batch_id>", BatchView.as_view(), name="batch"),
    path("batches/<uuid:batch_id>/<str:verb>", SteerBatchView.as_view(), name="batch-steer"),
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
    path("training-examples", TrainingExamplesView.as_view(), name="training-examples"),
    path("models", ModelsView.as_view(), name="models"),
    path("models/trainings", TrainingsView.as_view(), name="trainings"),
    path("models/rollback", RollBackView.as_view(), name="model-rollback"),
    path("models/<uuid:model_id>/promote", PromoteView.as_view(), name="model-promote"),
    path("schemas", SchemasView.as_view(), name="schemas"),
    path("schemas/<slug:key>", TenantSchemaView.as_view(), name="tenant-schema"),
    path("metrics/quality", QualityMetricsView.as_view(), name="metrics-quality"),
    path("metrics/sla", SlaMetricsView.as_view(), name="metrics-sla"),
    path("webhooks", WebhooksView.as_view(), name="webhooks"),
    path("webhooks/upload-secret", UploadSecretView.as_view(), name="webhook-upload-secret"),
    path("webhooks/<uuid:webhook_id>", WebhookView.as_view(), name="webhook"),
    path("webhooks/<uuid:webhook_id>/rotate", RotateView.as_view(), name="webhook-rotate"),
    path("webhooks/<uuid:webhook_id>/deliveries", DeliveriesView.as_view(), name="webhook-deliveries"),
    path(
        "webhooks/<uuid:webhook_id>/deliveries/<uuid:delivery_id>/replay",
        ReplayView.as_view(),
        name="webhook-replay",
    ),
]
