"""Readings of the values in a draft: their normal form or why there is none, and the issues that they leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from ingestion.contracts import RunRef
from ingestion.domain.normalize.values import read_value
from ingestion.models import Document
from quality.domain.issue_states import rechecked_issues
from quality.selectors.issues import issues_of
from quality.services.draft_checks import TypedValue, check_draft
from quality.services.rule_set import AssessmentConfig
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from review.domain.corrections import Edit
from review.domain.shown_values import ShownReading, shown_reading
from review.models import ReviewTask
from review.services.field_states import field_rows, field_states
from review.services.notation import notation_for


@dataclass(frozen=True, slots=True)
class DraftReadings:
    """Readings by field, and the issues; None if the document is too long to be checked while a person types."""

    values: Mapping[str, ShownReading]
    issues: list[dict[str, Any]] | None


def read_draft(*, actor: Actor, task_id: UUID, values: Mapping[str, str], config: AssessmentConfig) -> DraftReadings:
    """Read a draft's values as a submit would store them, and run the checks with them; writes nothing.

    Raises ReviewTask.DoesNotExist. Unknown fields are ignored, because a draft may be older than the schema.
    """
    actor.require(Permission.REVIEW_WORK)
    task = ReviewTask.objects.select_related("document").get_permitted(actor, Permission.REVIEW_WORK, pk=task_id)
    document = task.document
    typed, shown = _typed_values(actor, document, values)
    found = check_draft(RunRef(actor.tenant_id, document.id, document.run), typed, config)
    if found is None:
        return DraftReadings(shown, None)
    return DraftReadings(shown, rechecked_issues(issues_of(actor, document, document.run), found))


def _typed_values(
    actor: Actor, document: Document, values: Mapping[str, str]
) -> tuple[dict[str, TypedValue], dict[str, ShownReading]]:
    states = field_states(actor, document, field_rows(actor, document))
    known = {state.spec.name: state.spec for state in states}
    notation = notation_for(document, states, [Edit(name, value) for name, value in values.items()])
    typed, shown = {}, {}
    for name, value in values.items():
        if name in known:
            text = value.strip()
            normalized, validations = read_value(
                known[name], text, order=notation.order, today=timezone.localdate(), numbers=notation.numbers
            )
            typed[name] = TypedValue(text, normalized, validations)
            shown[name] = shown_reading(known[name].kind, value, normalized, validations)
    return typed, shown
