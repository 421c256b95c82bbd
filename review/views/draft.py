"""JSON requests about what a reviewer has typed: drafts, and the checks of their values."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext

from ingestion.domain.schemas.kinds import value_type
from quality.adapters.code_tables import icd10cm
from quality.services.rule_set import AssessmentConfig
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.page_views import json_object, page
from refinery.core.web.problems import Problem
from review.domain.shown_values import ShownReading
from review.services.draft_readings import read_draft
from review.services.drafts import DraftConflict, save_draft

CONFLICT = 409
MOST_FIELDS, LONGEST_VALUE = 500, 4000
DAY = "j M Y"
CHECKS = AssessmentConfig(codes=icd10cm, audit_secret=b"")  # nothing is approved here, so nothing is audited


@page(POST=Permission.REVIEW_WORK)
def draft(request: HttpRequest, actor: Actor, task_id: UUID) -> HttpResponse:
    """Store typed values: {revision, values}; 409 with the stored draft if another tab saved first."""
    body = json_object(request)
    revision, values = body.get("revision"), body.get("values")
    if not isinstance(revision, int) or not isinstance(values, dict):
        raise Problem(422, "not-valid", "Not valid", "A draft needs a revision and values.")
    try:
        kept = save_draft(actor=actor, task_id=task_id, revision=revision, values=values)
    except DraftConflict as later:
        stored = {"revision": later.current.revision, "values": later.current.values}
        return JsonResponse({"title": "A later draft is stored", **stored}, status=CONFLICT)
    return JsonResponse({"revision": kept.revision})


@page(POST=Permission.REVIEW_WORK)
def checks(request: HttpRequest, actor: Actor, task_id: UUID) -> HttpResponse:
    """Return how {values} are read, by field, and the issues that they leave; nothing is stored."""
    found = read_draft(actor=actor, task_id=task_id, values=_values(json_object(request)), config=CHECKS)
    return JsonResponse({"values": {name: _shown(one) for name, one in found.values.items()}, "issues": found.issues})


def _values(body: dict[str, Any]) -> dict[str, str]:
    values = body.get("values")
    if not isinstance(values, dict) or len(values) > MOST_FIELDS:
        raise Problem(422, "not-valid", "Not valid", f"`values` has a text for each of at most {MOST_FIELDS} fields.")
    if not all(isinstance(value, str) and len(value) <= LONGEST_VALUE for value in values.values()):
        raise Problem(422, "not-valid", "Not valid", f"A value is a text of at most {LONGEST_VALUE} characters.")
    return values


def _shown(reading: ShownReading) -> dict[str, str]:
    problem = reading.problem
    if reading.example:
        problem = f"{problem} {gettext('Example: %(example)s') % {'example': reading.example}}"
    return {"value": reading.value, "shown": _normal_form(reading), "problem": problem}


def _normal_form(reading: ShownReading) -> str:
    """Return a normalised value as people write it: 16 Apr 2026, 1,500.00."""
    try:
        shown_as = value_type(reading.kind).shown_as if reading.normalized else "nothing"
        if shown_as == "date":
            return date_format(date.fromisoformat(reading.normalized), DAY, use_l10n=False)
        if shown_as == "amount":
            decimals = len(reading.normalized.partition(".")[2])
            return str(number_format(Decimal(reading.normalized), decimals, use_l10n=True, force_grouping=True))
    except (ValueError, InvalidOperation):  # a kind's normal form that this page does not know is shown as it is
        return reading.normalized
    return reading.normalized
