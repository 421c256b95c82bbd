"""Checks of a document in review with the values that a reviewer has typed so far; nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils import timezone

from ingestion.contracts import RunRef
from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.schemas.fields import ExtractedField, Validation
from ingestion.models import Document
from ingestion.selectors.run_contents import load_fields, load_pages
from ingestion.selectors.stored_readings import find_schema_spec
from ingestion.services.einvoice_fields import compare_einvoice, load_einvoice_facts
from quality.domain.checks.runner import CheckFindings, find_issues
from quality.services.document_facts import load_facts
from quality.services.rule_set import AssessmentConfig

MAX_PAGES = 60
"""Pages up to which checks run again while a person types; larger documents are checked after the decision."""

MAX_WORDS = 40_000
"""The same limit in words, for pages that hold very many."""


@dataclass(frozen=True, slots=True)
class TypedValue:
    """Value that a reviewer left in a field, as it will be stored."""

    value: str
    normalized: str
    validations: tuple[Validation, ...]


def check_draft(ref: RunRef, typed: Mapping[str, TypedValue], config: AssessmentConfig) -> CheckFindings | None:
    """Return what the checks find with these values; None for a document that is too long.

    Needs an open tenant scope.
    """
    document = Document.objects.get(tenant_id=ref.tenant_id, id=ref.document_id)
    if document.pages > MAX_PAGES:
        return None
    pages = load_pages(ref)
    if sum(len(page.words) for page in pages) > MAX_WORDS:
        return None
    doc = build_document_rows(pages)
    fields = tuple(_with_typed_value(found, typed.get(found.name)) for found in load_fields(ref))
    schema = find_schema_spec(ref.tenant_id, document.schema_key)
    einvoice = compare_einvoice(load_einvoice_facts(ref), doc, schema, timezone.localdate())
    facts, _ = load_facts(document, doc, schema, fields, einvoice, config, lock=False)
    return find_issues(facts, config.registry, config.rules)


def _with_typed_value(found: ExtractedField, typed: TypedValue | None) -> ExtractedField:
    """Return the field with a human's value, which has confidence 1."""
    if typed is None:
        return found
    return replace(found, value=typed.value, normalized=typed.normalized, validations=typed.validations, confidence=1.0)
