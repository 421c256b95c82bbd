"""Grants of the application role on every table, compared with the database catalogue."""

import pytest
from django.db import ProgrammingError, connection, transaction

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import ApiKey
from refinery.core.tenancy.roles import Role
from tests.integration.rls.test_table_policies import query_rows
from tests.support.factories.tenants import make_tenant

pytestmark = pytest.mark.django_db

ALL_RIGHTS = "SELECT INSERT UPDATE DELETE"
NO_DELETE = "SELECT INSERT UPDATE"  # rows that are never deleted
INSERT_ONLY = "SELECT INSERT"  # rows that are never changed
NO_UPDATE = "SELECT INSERT DELETE"
SELECT_ONLY = "SELECT"
EXPECTED_GRANTS = {
    "api_key": "SELECT INSERT UPDATE(expires_at) UPDATE(name) UPDATE(revoked_at) UPDATE(scopes)",
    "app_user": NO_DELETE,
    "app_user_groups": SELECT_ONLY,
    "app_user_user_permissions": SELECT_ONLY,
    "artefact": ALL_RIGHTS,
    "assessment": ALL_RIGHTS,
    "audit_event": INSERT_ONLY,
    "audit_leaf": INSERT_ONLY,
    "audit_seal": INSERT_ONLY,
    "auth_group": SELECT_ONLY,
    "auth_group_permissions": SELECT_ONLY,
    "auth_permission": SELECT_ONLY,
    "batch": NO_DELETE,
    "batch_team_grant": NO_UPDATE,
    "batch_user_grant": NO_UPDATE,
    "certificate": NO_DELETE,
    "channels_postgres_groupchannel": NO_UPDATE,
    "channels_postgres_message": ALL_RIGHTS,  # UPDATE for the lock that claims a message
    "comment": NO_UPDATE,
    "correction": ALL_RIGHTS,
    "django_admin_log": SELECT_ONLY,
    "django_content_type": SELECT_ONLY,
    "django_migrations": SELECT_ONLY,
    "django_session": ALL_RIGHTS,
    "document": ALL_RIGHTS,
    "document_team_grant": NO_UPDATE,
    "document_user_grant": NO_UPDATE,
    "draft": ALL_RIGHTS,
    "evaluation": INSERT_ONLY,
    "field": ALL_RIGHTS,
    "fingerprint": ALL_RIGHTS,
    "fingerprint_band": NO_UPDATE,
    "guardian_groupobjectpermission": SELECT_ONLY,
    "guardian_userobjectpermission": SELECT_ONLY,
    "idempotency_key": INSERT_ONLY,
    "issue": ALL_RIGHTS,
    "membership": NO_DELETE,
    "model_version": NO_DELETE,
    "outbox_message": NO_UPDATE,
    "page": ALL_RIGHTS,
    "queue": NO_DELETE,
    "queue_team_grant": NO_UPDATE,
    "queue_user_grant": ALL_RIGHTS,
    "region_reading": ALL_RIGHTS,
    "request_count": "",
    "reprocessing_run": ALL_RIGHTS,
    "review_task": ALL_RIGHTS,
    "schema": NO_DELETE,
    "sign_in_attempt": ALL_RIGHTS,
    "skipped_file": ALL_RIGHTS,
    "split": NO_UPDATE,
    "task_skip": NO_UPDATE,
    "team": ALL_RIGHTS,
    "team_membership": ALL_RIGHTS,
    "tenant": "SELECT UPDATE",
    "token_family": "SELECT INSERT UPDATE(current) UPDATE(revoked_at) UPDATE(used_at)",
    "training_example": ALL_RIGHTS,
    "training_run": NO_DELETE,
    "webhook_delivery": ALL_RIGHTS,
    "webhook_endpoint": ALL_RIGHTS,
    "xml_invoice": ALL_RIGHTS,
}

# Tables, columns and sequences; role 0 is PUBLIC.
GRANTS_QUERY = """
    WITH those AS (SELECT 0 AS id UNION SELECT oid FROM pg_roles WHERE rolname = 'refinery_app')
    SELECT c.relname, g.privilege_type FROM pg_class c, aclexplode(c.relacl) AS g
    WHERE c.relnamespace = 'public'::regnamespace AND g.grantee IN (SELECT id FROM those)
    UNION
    SELECT c.relname, g.privilege_type || '(' || a.attname || ')'
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid, aclexplode(a.attacl) AS g
    WHERE c.relnamespace = 'public'::regnamespace AND g.grantee IN (SELECT id FROM those)
"""
TABLES_QUERY = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')"


def test_table_grants_equal_expected_list() -> None:
    """A new table or a wider grant fails here, by name."""
    found: dict[str, set[str]] = {name: set() for (name,) in query_rows(TABLES_QUERY)}
    for name, right in query_rows(GRANTS_QUERY):
        found.setdefault(name, set()).add(right)
    assert found == {name: set(rights.split()) for name, rights in EXPECTED_GRANTS.items()}


def test_default_privileges_grant_nothing() -> None:
    """Neither for future tables nor through another role that the application could assume."""
    assert query_rows("SELECT defaclacl::text FROM pg_default_acl") == []
    member_of = "SELECT 1 FROM pg_auth_members WHERE member = 'refinery_app'::regrole"
    assert query_rows(member_of) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE api_key SET digest = ''",
        "UPDATE api_key SET role = 'org_admin'",
        "DELETE FROM api_key",
        "UPDATE token_family SET expires_at = now() + interval '1 year'",
        "UPDATE audit_event SET action = ''",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('review', '0001_initial', now())",
        "INSERT INTO auth_group (name) VALUES ('everyone')",
        "DELETE FROM tenant",
        "SELECT * FROM request_count",
    ],
)
def test_ungranted_statements_are_refused(statement: str) -> None:
    """Even for the tenant's own rows."""
    tenant = make_tenant()
    tenant.create_key(Role.VIEWER)
    with tenant_scope(tenant.tenant_id):
        assert ApiKey.objects.exists()
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)
