"""Record of a document, and the actions on it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ingestion.domain.lifecycle import DocumentStatus, InvalidDocumentTransition
from ingestion.selectors.exports import exports_of
from ingestion.selectors.record import document_facts, document_record
from ingestion.selectors.reprocessings import needs_password_to_reopen, open_comparison, presets_for
from ingestion.selectors.split_editor import split_summary_of
from ingestion.services.document_password import submit_password
from ingestion.services.reruns import rerun_document
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.page_views import page, render_page

LONGEST_PASSWORD = 500


@page(GET=Permission.DOCUMENT_VIEW)
def record(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """Show the record."""
    found = document_record(actor, document_id)
    context: dict[str, Any] = {"section": "documents", "record": found, "facts": document_facts(found)}
    context["split"] = split_summary_of(actor, found.document)
    context |= {"presets": presets_for(found.document), "open_reprocessing": open_comparison(actor, found.document)}
    context["locked"] = bool(context["presets"]) and needs_password_to_reopen(actor, found.document)
    if actor.can(Permission.DOCUMENT_EXPORT) and found.status != DocumentStatus.UNPACKED:
        context["exports"] = exports_of(actor, found.document)
    return render_page(request, "ingestion/document.html", context, parts=("record",))


@page(POST=Permission.DOCUMENT_RERUN)
def rerun(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """Start a re-run of the document."""
    try:
        rerun_document(actor=actor, document_id=document_id)
        messages.success(request, _("The document is being read again. Earlier results are kept as versions."))
    except InvalidDocumentTransition:
        messages.error(request, _("It cannot be read again now: it is still being processed."))
    return redirect("ingestion:document", document_id)


@page(POST=Permission.DOCUMENT_UPLOAD)
def password(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """Submit the password of a locked file."""
    given = request.POST.get("password", "")
    if not 0 < len(given) <= LONGEST_PASSWORD:
        messages.error(request, _("Give the file's password."))
        return redirect("ingestion:document", document_id)
    try:
        submit_password(actor=actor, document_id=document_id, password=given)
        messages.success(request, _("The password is being tried."))
    except InvalidDocumentTransition:
        messages.error(request, _("This document is no longer waiting for a password."))
    return redirect("ingestion:document", document_id)
