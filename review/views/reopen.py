"""Reopening of a decided document from its record."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ingestion.domain.lifecycle import InvalidDocumentTransition
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.page_views import page
from review.services.reopen import reopen_document


@page(POST=Permission.REVIEW_REOPEN)
def reopen(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """Return a decided document to review."""
    try:
        reopen_document(actor=actor, document_id=document_id, reason=request.POST.get("reason", ""))
        messages.success(
            request, _("The document is in review again. Webhook receivers are notified once it is decided.")
        )
    except InvalidDocumentTransition:
        messages.error(request, _("It cannot be reopened: it has not been decided."))
    return redirect("ingestion:document", document_id)
