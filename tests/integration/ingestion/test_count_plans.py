"""Counts under row level security: an index holds all that they need, so no row of a table is read."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, QuerySet

from ingestion.models import Document, Field
from quality.models import TrainingExample
from refinery.core.database.ids import new_id
from refinery.core.database.scope import tenant_scope
from tests.support.factories.tenants import TenantFixture, make_tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant() -> TenantFixture:
    """Return a tenant."""
    return make_tenant()


def _plan(tenant: TenantFixture, rows: "QuerySet[Any, Any]") -> str:
    with tenant_scope(tenant.tenant_id), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        return rows.explain()


def test_documents_of_batch_by_status_are_counted_from_index(tenant: TenantFixture) -> None:
    """For the page of a batch and the list of batches."""
    here = Document.objects.filter(tenant_id=tenant.tenant_id, batch_id=new_id())
    plan = _plan(tenant, here.order_by().values_list("status").annotate(number=Count("*")))
    assert "Index Only Scan using document_by_batch on document" in plan


def test_labels_by_kind_and_pool_are_counted_from_index(tenant: TenantFixture) -> None:
    """For the models page."""
    rows = TrainingExample.objects.filter(tenant_id=tenant.tenant_id)
    plan = _plan(tenant, rows.order_by().values_list("kind", "pool").annotate(number=Count("*")))
    assert "Index Only Scan using example_counts on training_example" in plan


def test_fields_checked_by_people_are_found_by_index(tenant: TenantFixture) -> None:
    """For the metrics of quality: few of all fields are checked."""
    rows = Field.objects.filter(tenant_id=tenant.tenant_id, document_id__gte=new_id()).exclude(human="")
    assert "field_by_human on field" in _plan(tenant, rows.values("human").annotate(number=Count("*")))


def test_newest_documents_of_batch_are_read_in_order_of_index(tenant: TenantFixture) -> None:
    """A large batch is not sorted for its first page."""
    here = Document.objects.filter(tenant_id=tenant.tenant_id, batch_id=new_id())
    plan = _plan(tenant, here.newest_first()[:51])
    assert "document_batch_newest on document" in plan
    assert "Sort" not in plan
