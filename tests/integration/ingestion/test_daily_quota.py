"""Documents of a day: counted once by each process, exactly where the quota is reached."""

from datetime import UTC, datetime, timedelta

import pytest

from ingestion.models import Document
from ingestion.services.daily_quota import is_quota_left
from refinery.core.database.ids import first_id_at
from refinery.core.database.scope import tenant_scope
from tests.support.factories.documents import make_document
from tests.support.factories.tenants import TenantFixture, make_tenant
from tests.support.recorded_statements import recorded_statements

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def tenant() -> TenantFixture:
    """Return a tenant with two documents of an hour before noon, and one of the day before."""
    made = make_tenant()
    for age in (timedelta(minutes=50), timedelta(minutes=60), timedelta(hours=13)):
        _receive(made, NOON - age)
    return made


def _receive(tenant: TenantFixture, at: datetime) -> None:
    make_document(tenant, id=first_id_at(at), fields=(), pages=0)


def _left(tenant: TenantFixture, wanted: int, quota: int, at: datetime = NOON) -> bool:
    with tenant_scope(tenant.tenant_id):
        return is_quota_left(tenant.tenant_id, wanted, quota, at)


def test_quota_counts_documents_of_the_utc_day(tenant: TenantFixture) -> None:
    """Two are there: a third is the last one of three, and two more are too many."""
    assert _left(tenant, 1, 3)
    assert not _left(tenant, 2, 3)
    assert not _left(tenant, 1, 2)


def test_quota_counts_documents_that_came_after_the_last_count(tenant: TenantFixture) -> None:
    """Both those that are settled by then and those of the last seconds, each once."""
    assert _left(tenant, 1, 3)
    _receive(tenant, NOON + timedelta(minutes=1))
    _receive(tenant, NOON + timedelta(minutes=3) - timedelta(seconds=5))
    for seconds in (0, 10, 70, 80):
        at = NOON + timedelta(minutes=3, seconds=seconds)
        assert _left(tenant, 1, 5, at)
        assert not _left(tenant, 2, 5, at)


def test_quota_of_next_day_begins_at_zero(tenant: TenantFixture) -> None:
    """The number of the day before is forgotten."""
    assert _left(tenant, 1, 3)
    assert _left(tenant, 3, 3, NOON + timedelta(days=1))
    assert not _left(tenant, 4, 3, NOON + timedelta(days=1))


def test_quota_of_erased_documents_is_free_again(tenant: TenantFixture) -> None:
    """A remembered number never refuses a document."""
    assert _left(tenant, 1, 3)
    with tenant_scope(tenant.tenant_id):
        Document.objects.filter(pk__gte=first_id_at(NOON - timedelta(hours=12))).delete()
    assert _left(tenant, 3, 3)


def test_quota_reads_settled_documents_once(tenant: TenantFixture) -> None:
    """The second count begins a minute before the first one."""
    assert _left(tenant, 1, 3)
    with recorded_statements() as statements:
        assert _left(tenant, 1, 3)
    border = first_id_at(NOON - timedelta(minutes=1))
    assert [border in params for sql, params in statements if "COUNT" in sql] == [True]
