"""Upkeep: each run seals what was written since the last, for every tenant, and drops old counters."""

import pytest
from django.db import connection
from temporalio.testing import ActivityEnvironment

from refinery.audit.models import AuditEvent, AuditSeal
from refinery.database.ids import new_id
from refinery.database.scope import tenant_scope
from refinery.tenancy.roles import Role
from refinery.web.models import RequestCount
from tests.factories.people import make_house
from workers.activities.upkeep import UpkeepActivities

pytestmark = pytest.mark.django_db


def test_every_tenants_log_is_sealed() -> None:
    """Two tenants, two seals that cover all their events."""
    houses = [make_house(slug, roles=[Role.VIEWER]) for slug in ("first", "second")]
    assert ActivityEnvironment().run(UpkeepActivities().seal_logs) == 2
    for house in houses:
        with tenant_scope(house.tenant_id):
            assert AuditSeal.objects.get().events == AuditEvent.objects.count()


def test_old_counters_go_and_those_in_use_stay() -> None:
    """Six windows of a minute are kept."""
    house = make_house(roles=[Role.VIEWER])
    with connection.cursor() as cursor:
        cursor.execute("SELECT floor(extract(epoch FROM now()) / 60)::bigint")
        now = cursor.fetchone()[0]
    with tenant_scope(house.tenant_id):
        for window in (now, now - 100):
            RequestCount.objects.create(
                id=new_id(), tenant_id=house.tenant_id, caller_id=new_id(), window=window, count=1
            )
    ActivityEnvironment().run(UpkeepActivities().forget_counters)
    with tenant_scope(house.tenant_id):
        assert list(RequestCount.objects.values_list("window", flat=True)) == [now]
