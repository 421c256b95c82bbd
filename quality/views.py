"""Views of the models page: labels, evaluations and the champion."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from quality.selectors.models_page import models_page
from quality.services.model_promotion import CannotPromote, promote_model, roll_back
from quality.services.model_training import NotEnoughLabels, TrainingInProgress, labels_missing, request_training
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.page_views import page, render_page


@page(GET=Permission.MODEL_VIEW)
def models(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show champion and candidate, the labels they learn from, and all versions."""
    board = models_page(actor)
    context = {"section": "models", "models": board, "missing": labels_missing(actor.tenant_id)}
    return render_page(request, "quality/models.html", context, parts=("models",))


@page(POST=Permission.MODEL_TRAIN)
def train(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Request a training."""
    try:
        request_training(actor=actor)
    except NotEnoughLabels as missing:
        said = _("Not enough to learn from yet: %(labels)s more labels are needed, %(corrected)s of them corrected.")
        messages.error(request, said % {"labels": missing.labels, "corrected": missing.corrected})
    except TrainingInProgress:
        messages.info(request, _("A training is already running."))
    return redirect("quality:models")


@page(POST=Permission.MODEL_PROMOTE)
def promote(request: HttpRequest, actor: Actor, model_id: UUID) -> HttpResponse:
    """Make a model the champion."""
    try:
        row = promote_model(actor=actor, model_id=model_id)
        messages.success(request, _("Version %(number)s is the champion now.") % {"number": row.number})
    except CannotPromote:
        messages.error(request, _("It is already the champion."))
    return redirect("quality:models")


@page(POST=Permission.MODEL_PROMOTE)
def roll_back_champion(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Roll back to the previous champion."""
    try:
        row = roll_back(actor=actor)
        name = str(row.number) if row else ""
        said = _("Version %(number)s is the champion again.") if row else _("The reader's own estimate is used again.")
        messages.success(request, said % {"number": name} if row else said)
    except CannotPromote:
        messages.error(request, _("There is no earlier model."))
    return redirect("quality:models")
