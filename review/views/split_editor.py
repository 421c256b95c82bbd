"""The pages of a file: where people mend how it is parted, and the sheet to lay between documents."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from ingestion.domain.splitting.separator_sheet import separator_sheet
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.models import Tenant
from refinery.core.tenancy.roles import Verb
from refinery.core.tenancy.separators import separators_in
from refinery.core.web.page_views import page, show
from review.selectors.split_editor import workspace_of


@page(GET=Verb.DOCUMENT_VIEW)
def pages(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """Show the workspace, or its JSON alone for a page that is open already."""
    found = workspace_of(actor, document_id)
    if request.GET.get("part") == "payload":
        return JsonResponse(found)
    return show(request, "ingestion/pages.html", {"section": "documents", "workspace": found})


@page(GET=Verb.DOCUMENT_UPLOAD)
def separator(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Give a sheet to print, with the first text that the tenant's separators say; 404 when there is none."""
    texts = separators_in(Tenant.objects.only("split_separators").get(pk=actor.tenant_id).split_separators)
    if not texts:
        raise Http404
    lines = (
        _("Separator sheet"),
        _("Lay it between two documents before you scan them."),
        _("A new document begins behind it; the sheet itself is left out."),
    )
    answer = HttpResponse(separator_sheet(texts[0], lines), content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="separator-sheet.pdf"'
    return answer
