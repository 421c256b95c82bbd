"""Split editor of a file, and the separator sheet to print."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from ingestion.domain.splitting.separator_sheet import separator_sheet_pdf
from ingestion.selectors.split_editor import split_editor_payload
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.models import Tenant
from refinery.core.tenancy.roles import Permission
from refinery.core.tenancy.separators import parse_separators
from refinery.core.web.page_views import page, render_page


@page(GET=Permission.DOCUMENT_VIEW)
def pages(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """Show the split editor, or return only its JSON for an open page."""
    found = split_editor_payload(actor, document_id)
    if request.GET.get("part") == "payload":
        return JsonResponse(found)
    return render_page(request, "ingestion/split_editor.html", {"section": "documents", "editor": found})


@page(GET=Permission.DOCUMENT_UPLOAD)
def separator(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Return a separator sheet to print, with the tenant's first separator text; 404 if there is none."""
    texts = parse_separators(Tenant.objects.only("split_separators").get(pk=actor.tenant_id).split_separators)
    if not texts:
        raise Http404
    lines = (
        _("Separator sheet"),
        _("Place it between two documents before scanning."),
        _("A new document starts after it; the sheet itself is removed."),
    )
    answer = HttpResponse(separator_sheet_pdf(texts[0], lines), content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="separator-sheet.pdf"'
    return answer
