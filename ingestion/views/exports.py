"""A document's exports: the card on its record, which asks again by itself while one is being made."""

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
    """Give the card's list; a POST asks for a form. 204 while as many as `waiting` says are still being made.

    Without an answer's body nothing is swapped, so that nobody hears the same news every second.
    """
    document = Document.objects.visible_to(actor).only("id", "run", "pages").get(pk=document_id)
    form = request.POST.get("format", "")
    if request.method == "POST" and form in FORMATS:
        request_export(actor=actor, document_id=document_id, form=form)
    if "HX-Request" not in request.headers:
        return redirect("ingestion:document", document_id)
    found = exports_of(actor, document)
    if request.GET.get("waiting") == str(found.waiting):
        return HttpResponse(status=204)
    return render(request, "ingestion/document.html#exports", {"exports": found})
