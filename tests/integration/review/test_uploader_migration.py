"""Migration of four eyes: tasks that are open at the update get their documents' uploaders."""

from importlib import import_module

import psycopg
import pytest

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.stack.services import PostgresServer
from review.models import ReviewTask
from tests.support.factories.documents import make_document, make_task
from tests.support.factories.tenants import make_tenant

MIGRATION = import_module("review.migrations.0002_records")


@pytest.mark.usefixtures("committed_db")
def test_migration_excludes_uploaders_from_open_tasks(postgres: PostgresServer) -> None:
    """Of every tenant, although the owner sees no rows; decided tasks and those for passwords stay as they are."""
    found = {}
    for slug in ("acme", "other"):
        tenant = make_tenant(slug)
        uploader = tenant.user(Role.OPERATOR).pk
        known, unknown = (make_document(tenant, uploaded_by_id=person) for person in (uploader, None))
        for document, kind, state, expected in (
            (known, "review", "OPEN", [uploader]),
            (known, "password", "OPEN", []),
            (known, "second", "SUBMITTED", []),
            (unknown, "review", "OPEN", []),
        ):
            found[make_task(tenant, document, kind=kind, state=state).id] = (tenant, expected)
    with psycopg.connect(postgres.url_owner) as owner:
        owner.execute(MIGRATION.UPLOADERS_OF_OPEN_TASKS)
    for task_id, (tenant, expected) in found.items():
        with tenant_scope(tenant.tenant_id):
            assert ReviewTask.objects.get(pk=task_id).involved_ids == expected
