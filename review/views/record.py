"""A document's record, and what can be done to it there."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ingestion.domain.lifecycle import DocumentStatus, InvalidMove
from ingestion.services.document_password import give_password
from ingestion.services.reruns import rerun_document
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from refinery.core.web.page_views import page, show
from review.selectors.exports import exports_of
from review.selectors.record import facts_of, record_of
from review.selectors.reprocessings import open_comparison, was_locked, ways_for
from review.selectors.split_editor import parting_of
from review.services.reopen import reopen_document

LONGEST_PASSWORD = 500


@page(GET=Verb.DOCUMENT_VIEW)
def record(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """Show the record."""
    found = record_of(actor, document_id)
    context: dict[str, Any] = {"section": "documents", "record": found, "facts": facts_of(found)}
    context["parting"] = parting_of(actor, found.document)
    context |= {"ways": ways_for(found.document), "other": open_comparison(actor, found.document)}
    context["locked"] = bool(context["ways"]) and was_locked(actor, found.document)
    if actor.can(Verb.DOCUMENT_EXPORT) and found.status != DocumentStatus.UNPACKED:
        context["exports"] = exports_of(actor, found.document)
    return show(request, "ingestion/document.html", context, parts=("record",))


@page(POST=Verb.DOCUMENT_RERUN)
def rerun(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """Have the document read again."""
    try:
        rerun_document(actor=actor, document_id=document_id)
        messages.success(request, _("It is being read again. What was read before stays as a version."))
    except InvalidMove:
        messages.error(request, _("It cannot be read again now: it is under way."))
    return redirect("review:document", document_id)


@page(POST=Verb.REVIEW_REOPEN)
def reopen(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """Put a decided document back into review."""
    try:
        reopen_document(actor=actor, document_id=document_id, reason=request.POST.get("reason", ""))
        messages.success(request, _("It is in review again. Receivers hear of a correction once it is decided."))
    except InvalidMove:
        messages.error(request, _("It cannot be opened again: it is not decided."))
    return redirect("review:document", document_id)


@page(POST=Verb.DOCUMENT_UPLOAD)
def password(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """Hand in the password of a locked file."""
    given = request.POST.get("password", "")
    if not 0 < len(given) <= LONGEST_PASSWORD:
        messages.error(request, _("Give the file's password."))
        return redirect("review:document", document_id)
    try:
        give_password(actor=actor, document_id=document_id, password=given)
        messages.success(request, _("The password is being tried."))
    except InvalidMove:
        messages.error(request, _("This document does not wait for a password any more."))
    return redirect("review:document", document_id)
