"""Record of one document: state, fields, pages, issues, lineage, e-invoice and panels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ingestion.domain.einvoice.mapping import XML_SOURCE
from ingestion.domain.lifecycle import DECIDED, DocumentStatus
from ingestion.models import Document, Field
from ingestion.selectors.einvoice_line import EInvoiceSummary, einvoice_summary
from ingestion.selectors.labels import STAGE_LABELS, Explanation, explain_failure, file_type_label
from ingestion.selectors.lineage import Lineage, MailSummary, lineage_of, mail_summary_of
from ingestion.selectors.panels import document_panels
from ingestion.selectors.run_pages import note_issues, page_summaries
from ingestion.selectors.stored_readings import schema_titles
from refinery.core.tenancy.actor import Actor

RERUN_FROM = DECIDED | {
    DocumentStatus.FAILED,
    DocumentStatus.QUARANTINED,
    DocumentStatus.UNPACKED,
    DocumentStatus.SPLIT,
}
AROUND = 0.02  # of the page: margin around an issue's place
THUMBNAIL = 96


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """Everything that the page of a document shows."""

    id: UUID
    title: str
    status: str
    stage: str
    schema_title: str
    error: Explanation | None
    error_detail: str
    pages_failed: int
    page_count: int
    needs_password: bool
    may_rerun: bool
    may_reopen: bool
    issues: list[dict[str, Any]]
    fields: list[dict[str, Any]]
    pages: list[dict[str, Any]]
    panels: dict[str, Any]
    document: Document
    lineage: Lineage
    mail: MailSummary | None
    einvoice: EInvoiceSummary | None

    @property
    def open_issues(self) -> int:
        """Return the number of issues that are neither resolved nor accepted."""
        return sum(issue["state"] == "open" for issue in self.issues)


def document_record(actor: Actor, document_id: UUID) -> DocumentRecord:
    """Return a document's record; raises Document.DoesNotExist."""
    document = Document.objects.visible_to(actor).select_related("batch", "parent").get(pk=document_id)
    title, specs = schema_titles(actor, document.schema_key)
    pages = page_summaries(actor, document, document.run)
    panels = document_panels(actor, document)
    issues = panels.get("issues", [])
    fields = Field.objects.visible_to(actor).filter(document=document, run=document.run).order_by("position")
    names = {name: spec.title for name, spec in specs.items()}
    return DocumentRecord(
        id=document.id,
        title=document.filename,
        status=document.status,
        stage=str(STAGE_LABELS.get(document.stage, "")),
        schema_title=title or gettext("Unknown document type"),
        error=explain_failure(document.error_code),
        error_detail=document.error_detail,
        pages_failed=document.pages_failed,
        page_count=document.pages,
        needs_password=document.status == DocumentStatus.NEEDS_PASSWORD,
        may_rerun=document.status in RERUN_FROM and document.parent_pages is None,
        may_reopen=document.status in DECIDED,
        issues=[*({**issue, "crop": _crop(issue, pages)} for issue in issues), *note_issues(pages)],
        fields=[_field(row, names) for row in fields],
        pages=[{**page, "thumbnail_height": _height(page)} for page in pages],
        panels=panels,
        document=document,
        lineage=lineage_of(actor, document),
        mail=mail_summary_of(document),
        einvoice=einvoice_summary(
            actor, document, document.run, [row["code"] for row in issues], judged=bool(panels.get("score"))
        ),
    )


def _height(page: dict[str, Any]) -> int:
    return int(THUMBNAIL * page["height"] / max(1, page["width"]))


def _crop(issue: dict[str, Any], pages: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the part of the page around an issue's place, as an SVG view of the page's image; None without one."""
    page = next((one for one in pages if one["number"] == issue["page"]), None)
    if not issue["bbox"] or page is None or page["error"]:
        return None
    x0, y0, x1, y1 = issue["bbox"]
    left, top = max(0.0, x0 - AROUND), max(0.0, y0 - AROUND / 2)
    wide, high = min(1.0, x1 + AROUND) - left, min(1.0, y1 + AROUND / 2) - top
    width, height = page["width"], page["height"]
    view = f"{left * width:.0f} {top * height:.0f} {wide * width:.0f} {high * height:.0f}"
    return {"view": view, "image": page["image"], "width": width, "height": height}


def _field(row: Field, names: dict[str, str]) -> dict[str, Any]:
    by = {"confirmed": _("confirmed by a person"), "corrected": _("corrected by a person")}
    found = _("from the e-invoice") if row.source == XML_SOURCE else _("as read")
    return {
        "title": names.get(row.name, row.name),
        "value": row.value,
        "confidence": None if row.human else row.confidence,
        "by": by.get(row.human, found),
    }


def document_facts(record: DocumentRecord) -> list[dict[str, Any]]:
    """Return facts about the file as pairs of title and value."""
    document = record.document
    facts: list[dict[str, Any]] = [
        {"title": _("File"), "value": file_type_label(document.media_type), "size": document.size},
        {"title": _("Pages"), "value": document.pages or ""},
        {"title": _("Received"), "at": document.created_at},
        {"title": _("Decided"), "at": document.decided_at},
        {"title": _("Your id"), "value": document.external_id},
        {"title": _("Batch"), "value": document.batch.name if document.batch else "", "batch": document.batch_id},
        {"title": _("Duplicate uploads"), "value": document.duplicates or ""},
        {"title": _("SHA-256"), "value": document.sha256[:16], "mono": True},
    ]
    return [fact for fact in facts if fact.get("value") or fact.get("at")]
