"""Rows that are written as one JSON parameter equal those that Django writes."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import Error, transaction

from ingestion.models import Document, Field
from quality.models import TrainingExample
from refinery.core.database.bulk_rows import insert_rows, update_rows
from refinery.core.database.ids import new_id
from refinery.core.database.prepared import execute_together, prepared_cursor
from refinery.core.database.scope import tenant_scope
from refinery.core.types import TenantId
from review.models import Correction
from tests.support.factories.documents import make_document
from tests.support.factories.tenants import TenantFixture, make_tenant

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 3, 2, 11, 59, 0, 123457, tzinfo=UTC)


@pytest.fixture
def tenant() -> TenantFixture:
    """Return a tenant."""
    return make_tenant()


@pytest.fixture
def document(tenant: TenantFixture) -> Document:
    """Return a document with three fields."""
    return make_document(tenant)


def correction(document: Document, **changes: Any) -> Correction:
    """Return a correction that is not stored."""
    values = {"field": "total", "kind": "corrected", "before": "1", "after": "2", "reviewer_id": new_id(), **changes}
    return Correction(tenant_id=document.tenant_id, document=document, run=1, **values)


def example(document: Document, **changes: Any) -> TrainingExample:
    """Return a training example that is not stored."""
    values = {"field": "total", "kind": "confirmed", "confidence": 0.1, "pool": "train", "family": "f", **changes}
    return TrainingExample(
        tenant_id=document.tenant_id, document_id=document.id, run=1, schema_key="invoice", reviewer_role="x", **values
    )


def stored(row: Any) -> dict[str, Any]:  # noqa: ANN401 - instances of any model
    """Return the columns of a row in the database, except those that differ between two rows."""
    found = type(row).objects.get(pk=row.pk)
    return {name: value for name, value in vars(found).items() if name not in {"_state", "id", "created_at"}}


VALUES: tuple[dict[str, Any], ...] = (
    {"bbox": [0.1, 1e-7, 0.30000000000000004, 1], "page": 2, "undone_at": LATER},
    {"bbox": None, "restore": {"text": 'a "quoted" \\ line\nand Ünïcode 水', "none": None, "list": [1, {"b": True}]}},
    {"before": "", "after": "%s {} ' \\u0041", "reason": "-- a comment"},
)


@pytest.mark.parametrize("values", VALUES)
def test_inserted_row_equals_the_one_that_django_inserts(document: Document, values: dict[str, Any]) -> None:
    reviewer = new_id()
    with tenant_scope(TenantId(document.tenant_id)):
        ours, theirs = (correction(document, reviewer_id=reviewer, **values) for _ in range(2))
        insert_rows([ours])
        theirs.save()
        assert stored(ours) == stored(theirs)
        assert Correction.objects.get(pk=ours.pk).created_at == ours.created_at
        assert not ours._state.adding


def test_several_rows_are_inserted_together_and_none_is_fine(document: Document) -> None:
    with tenant_scope(TenantId(document.tenant_id)):
        insert_rows([correction(document, field=name) for name in ("a", "b", "c")])
        insert_rows([])
        assert set(Correction.objects.values_list("field", flat=True)) == {"a", "b", "c"}


def test_upsert_replaces_only_the_named_columns(document: Document) -> None:
    unique = ("tenant_id", "document_id", "run", "field")
    with tenant_scope(TenantId(document.tenant_id)):
        insert_rows([example(document)])
        again = [example(document, kind="corrected", confidence=0.9), example(document, field="date")]
        insert_rows(again, unique=unique, replace=("kind",))
        rows = set(TrainingExample.objects.values_list("field", "kind", "confidence"))
    assert rows == {("total", "corrected", 0.1), ("date", "confirmed", 0.1)}


def test_update_writes_only_the_named_columns_of_the_rows(document: Document) -> None:
    with tenant_scope(TenantId(document.tenant_id)):
        first, second, third = Field.objects.filter(document=document).order_by("position")
        before = first.updated_at
        for row in (first, second):
            row.value, row.normalized, row.bbox = f"new {row.position}", "not written", [0, 0, 1, 1]
        assert update_rows([first, second], ("value", "bbox", "updated_at")) == 2
        assert update_rows([], ("value",)) == 0
        rows = list(Field.objects.filter(document=document).order_by("position"))
    assert [row.value for row in rows] == ["new 0", "new 1", third.value]
    assert rows[0].normalized != "not written"
    assert rows[0].bbox == [0, 0, 1, 1]
    assert rows[0].updated_at == first.updated_at > before  # auto_now is set


def test_rows_of_another_tenant_are_neither_updated_nor_inserted(document: Document) -> None:
    other = make_tenant("other")
    with tenant_scope(TenantId(document.tenant_id)):
        row = Field.objects.filter(document=document).order_by("position")[0]
    row.value = "changed"
    with tenant_scope(other.tenant_id):
        assert update_rows([row], ("value",)) == 0
        with pytest.raises(Error, match="row-level security"), transaction.atomic():
            insert_rows([correction(document)])


@pytest.mark.parametrize("change", [lambda row: setattr(row, "bbox", b"bytes"), lambda row: setattr(row, "run", {1})])
def test_value_that_no_column_holds_raises(document: Document, change: Callable[[Correction], None]) -> None:
    row = correction(document)
    change(row)
    with tenant_scope(TenantId(document.tenant_id)), pytest.raises(TypeError):
        insert_rows([row])


def test_statements_sent_together_see_each_other(document: Document) -> None:
    statements = (
        "UPDATE document SET filename = %(name)s WHERE id = %(id)s",
        "SELECT filename FROM document WHERE id = %(id)s",
    )
    with tenant_scope(TenantId(document.tenant_id)):
        assert execute_together(statements, {"name": "new.pdf", "id": document.id}) == [[], [("new.pdf",)]]


def test_error_of_a_statement_sent_together_is_djangos_and_the_connection_goes_on(document: Document) -> None:
    with tenant_scope(TenantId(document.tenant_id)):
        with pytest.raises(Error, match="division by zero"), transaction.atomic():
            execute_together(("SELECT 1", "SELECT 1/%(n)s::int", "SELECT 2"), {"n": 0})
        with prepared_cursor() as cursor:
            cursor.execute("SELECT count(*) FROM document WHERE id = %s", [document.id])
            assert cursor.fetchone() == (1,)
