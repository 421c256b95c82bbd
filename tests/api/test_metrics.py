"""Metrics of quality and queues: each number of a small set that is counted by hand."""

from datetime import timedelta

import pytest
from django.utils import timezone

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from review.domain.lifecycle import TaskState
from review.models import ReviewTask
from tests.support.factories.documents import FieldSample, make_document, make_task
from tests.support.factories.tenants import TenantFixture, make_tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant() -> TenantFixture:
    """Return a tenant."""
    return make_tenant()


def _submit(tenant: TenantFixture, minutes: int, *, is_late: bool = False) -> None:
    task, now = make_task(tenant), timezone.now()
    with tenant_scope(tenant.tenant_id):
        ReviewTask.objects.filter(pk=task.pk).update(
            state=TaskState.SUBMITTED,
            submitted_at=now,
            opened_at=now - timedelta(minutes=minutes),
            due_at=now - timedelta(hours=1) if is_late else now + timedelta(hours=1),
        )


@pytest.mark.parametrize(("minutes", "median"), [((1, 9, 2), 2), ((1, 9, 2, 4), 4), ((7,), 7)])
def test_sla_metrics_median_is_the_upper_one(tenant: TenantFixture, minutes: tuple[int, ...], median: int) -> None:
    """Of an even number, the later of both in the middle."""
    for each in minutes:
        _submit(tenant, each)
    found = tenant.api(Role.OPERATOR).get("/v1/metrics/sla").json()
    assert found["median_seconds_to_decision"] == 60 * median
    assert (found["submitted"], found["within_sla"]) == (len(minutes), 1.0)


def test_sla_metrics_count_late_and_waiting_tasks(tenant: TenantFixture) -> None:
    """One of three was decided in time; two wait, one of them overdue."""
    for is_late in (True, True, False):
        _submit(tenant, 5, is_late=is_late)
    make_task(tenant, due_at=timezone.now() - timedelta(minutes=1))
    make_task(tenant, due_at=timezone.now() + timedelta(minutes=30))
    found = tenant.api(Role.OPERATOR).get("/v1/metrics/sla").json()
    assert (found["submitted"], found["within_sla"]) == (3, 0.3333)
    assert (found["open"], found["overdue"], found["due_within_hour"]) == (2, 1, 1)


def test_sla_metrics_without_decisions_are_null(tenant: TenantFixture) -> None:
    """Nothing is divided by zero."""
    found = tenant.api(Role.OPERATOR).get("/v1/metrics/sla").json()
    assert (found["submitted"], found["within_sla"], found["median_seconds_to_decision"]) == (0, None, None)


def test_quality_metrics_rates(tenant: TenantFixture) -> None:
    """One of two decided documents had no person; one of four checked fields was corrected."""
    now, person = timezone.now(), tenant.user(Role.REVIEWER).pk
    fields = tuple(FieldSample(name, "1", extra={"human": human}) for name, human in HUMAN.items())
    make_document(tenant, fields=fields, decided_at=now, decided_by_id=person)
    make_document(tenant, fields=(), decided_at=now)
    make_document(tenant, fields=())
    found = tenant.api(Role.OPERATOR).get("/v1/metrics/quality").json()
    assert (found["documents"], found["touchless_rate"], found["field_error_rate"]) == (3, 0.5, 0.25)


HUMAN = {"a": "confirmed", "b": "confirmed", "c": "corrected", "d": "confirmed", "e": ""}
