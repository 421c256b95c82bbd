"""Exports of a document: the card on its record, which polls while an export is being made."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ingestion.models import Document
from ingestion.selectors.exports import exports_of
from ingestion.services.exports import FORMATS, request_export
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.page_views import page


@page(GET=Permission.DOCUMENT_EXPORT, POST=Permission.DOCUMENT_EXPORT)
def exports(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """Return the card's list; a POST requests an export. 204 while the number being made still equals `waiting`.

    Without a response body nothing is swapped, so that screen readers do not repeat the same status every second.
    """
    document = Document.objects.only("id", "run", "pages").get_permitted(
        actor, Permission.DOCUMENT_EXPORT, pk=document_id
    )
    form = request.POST.get("format", "")
    if request.method == "POST" and form in FORMATS:
        request_export(actor=actor, document_id=document_id, form=form)
    if "HX-Request" not in request.headers:
        return redirect("ingestion:document", document_id)
    found = exports_of(actor, document)
    if request.GET.get("waiting") == str(found.waiting):
        return HttpResponse(status=204)
    return render(request, "ingestion/document.html#exports", {"exports": found})
