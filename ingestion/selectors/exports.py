"""Export formats of a document: direct ones, and the state of the ones that a worker makes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ingestion.models import Artefact, Document
from refinery.core.tenancy.actor import Actor

DIRECT_FORMATS: dict[str, str | Promise] = {"json": _("JSON"), "csv": _("CSV")}
WORKER_FORMATS: dict[str, str | Promise] = {"label-studio": _("Label Studio"), "pdf": _("Searchable PDF")}


@dataclass(frozen=True, slots=True)
class ExportLine:
    """Export format: `state` is ready, open (not requested), queued or failed; `at` is when a worker made it."""

    form: str
    title: str | Promise
    state: str
    url: str = ""
    by_worker: bool = False
    at: datetime | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """Formats for the document's current run; `waiting` counts those being made."""

    document_id: UUID
    lines: list[ExportLine]
    waiting: int


def exports_of(actor: Actor, document: Document) -> ExportOptions:
    """Return the formats, with the newest worker export of each; a document without pages has none of the latter."""
    base = f"/v1/documents/{document.id}/export?format="
    lines = [ExportLine(form, title, "ready", base + form) for form, title in DIRECT_FORMATS.items()]
    if document.pages:
        lines.append(ExportLine("text", _("Text"), "ready", f"/v1/documents/{document.id}/text"))
        asked = Artefact.objects.visible_to(actor).filter(document=document, run=document.run)
        newest = {row.format: row for row in asked.order_by("format", "-id").distinct("format")}
        lines += [_worker_line(form, title, newest.get(form)) for form, title in WORKER_FORMATS.items()]
    return ExportOptions(document.id, lines, sum(line.state == "queued" for line in lines))


def _worker_line(form: str, title: str | Promise, row: Artefact | None) -> ExportLine:
    if row is None:
        return ExportLine(form, title, "open", by_worker=True)
    if row.status == "done":
        return ExportLine(form, title, "ready", f"/v1/artefacts/{row.id}/file", by_worker=True, at=row.finished_at)
    return ExportLine(form, title, row.status, by_worker=True, detail=row.detail)
