"""Routes of ingestion below /v1: upload, pages, regions, e-invoices, splits, reprocessings, batches and schemas."""

from django.urls import path

from ingestion.api import reprocessings
from ingestion.api.batches import BatchesView, BatchView, ControlBatchView
from ingestion.api.bulk_reprocessings import BulkApplyView, BulkDropView, BulkReprocessingsView
from ingestion.api.einvoices import EInvoiceView, EInvoiceXmlView
from ingestion.api.ingest import IngestView
from ingestion.api.page_text import DocumentTextView, PageTextView
from ingestion.api.pages import FieldsView, PageImageView, PageView
from ingestion.api.regions import RegionsView, RegionView
from ingestion.api.schemas import SchemasView, TenantSchemaView
from ingestion.api.splits import RotationsView, SplitView

_PAGE = "documents/<uuid:document_id>/pages/<int:number>"
_REPROCESSING = "documents/<uuid:document_id>/reprocessings/<uuid:reprocessing_id>"

urlpatterns = [
    path("documents/ingest", IngestView.as_view(), name="ingest"),
    path(_PAGE, PageView.as_view(), name="page"),
    path("documents/<uuid:document_id>/text", DocumentTextView.as_view(), name="document-text"),
    path(f"{_PAGE}/text", PageTextView.as_view(), name="page-text"),
    path(f"{_PAGE}/image", PageImageView.as_view(), name="page-image"),
    path(f"{_PAGE}/thumbnail", PageImageView.as_view(thumbnail=True), name="page-thumbnail"),
    path(f"{_PAGE}/regions", RegionsView.as_view(), name="regions"),
    path(f"{_PAGE}/regions/<uuid:region_id>", RegionView.as_view(), name="region"),
    path("documents/<uuid:document_id>/e-invoice", EInvoiceView.as_view(), name="e-invoice"),
    path("documents/<uuid:document_id>/e-invoice/xml", EInvoiceXmlView.as_view(), name="e-invoice-xml"),
    path("documents/<uuid:document_id>/fields", FieldsView.as_view(), name="fields"),
    path("documents/<uuid:document_id>/reprocessings", reprocessings.ReprocessingsView.as_view(), name="reprocessings"),
    path(_REPROCESSING, reprocessings.ReprocessingView.as_view(), name="reprocessing"),
    path(f"{_REPROCESSING}/pages/<int:number>", reprocessings.ReprocessingPageView.as_view(), name="reprocessing-page"),
    path(f"{_REPROCESSING}/apply", reprocessings.ApplyReprocessingView.as_view(), name="reprocessing-apply"),
    path(f"{_REPROCESSING}/drop", reprocessings.DropReprocessingView.as_view(), name="reprocessing-drop"),
    path("reprocessings", BulkReprocessingsView.as_view(), name="bulk-reprocessings"),
    path("reprocessings/apply", BulkApplyView.as_view(), name="reprocessings-apply"),
    path("reprocessings/drop", BulkDropView.as_view(), name="reprocessings-drop"),
    path("documents/<uuid:document_id>/split", SplitView.as_view(), name="split"),
    path("documents/<uuid:document_id>/rotations", RotationsView.as_view(), name="rotations"),
    path("batches", BatchesView.as_view(), name="batches"),
    path("batches/<uuid:batch_id>", BatchView.as_view(), name="batch"),
    path("batches/<uuid:batch_id>/<str:action>", ControlBatchView.as_view(), name="batch-control"),
    path("schemas", SchemasView.as_view(), name="schemas"),
    path("schemas/<slug:key>", TenantSchemaView.as_view(), name="tenant-schema"),
]
