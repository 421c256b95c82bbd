"""Upkeep: each run seals new audit events of every tenant and deletes old request counters."""

import psycopg
import pytest
from temporalio.testing import ActivityEnvironment

from refinery.core.audit.models import AuditEvent, AuditSeal
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.stack.services import PostgresServer
from tests.support.factories.tenants import make_tenant
from workers.activities.upkeep import UpkeepActivities


@pytest.mark.django_db
def test_upkeep_seals_log_of_every_tenant() -> None:
    """Two tenants, two seals that cover all their events."""
    tenants = [make_tenant(slug, roles=[Role.VIEWER]) for slug in ("first", "second")]
    assert ActivityEnvironment().run(UpkeepActivities().seal_logs) == 2
    for tenant in tenants:
        with tenant_scope(tenant.tenant_id):
            assert AuditSeal.objects.get().events == AuditEvent.objects.count()


OLD_AND_NEW = """
    INSERT INTO request_count (id, tenant_id, caller_id, "window", count)
    SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), extract(epoch FROM now())::int / 60 - age, age
    FROM unnest(ARRAY[0, 100]) AS age
"""


@pytest.mark.usefixtures("committed_db")
def test_upkeep_deletes_old_request_counters_only(postgres: PostgresServer) -> None:
    """Six one-minute windows are kept."""
    with psycopg.connect(postgres.url_superuser, autocommit=True) as onlooker:
        onlooker.execute(OLD_AND_NEW)
        ActivityEnvironment().run(UpkeepActivities().forget_counters)
        assert onlooker.execute("SELECT count FROM request_count").fetchall() == [(0,)]
