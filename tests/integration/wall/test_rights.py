"""What the application may do with each table: this list, whole, as the database itself has it."""

import pytest
from django.db import ProgrammingError, connection, transaction

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import ApiKey
from refinery.core.tenancy.roles import Role
from tests.factories.people import make_house
from tests.integration.wall.test_tables import rows

pytestmark = pytest.mark.django_db

ALL = "SELECT INSERT UPDATE DELETE"
KEEPS = "SELECT INSERT UPDATE"  # rows that are never taken away
ADDS = "SELECT INSERT"  # rows that stay as they were written
REPLACES = "SELECT INSERT DELETE"
LOOKS = "SELECT"
RIGHTS = {
    "api_key": "SELECT INSERT UPDATE(expires_at) UPDATE(name) UPDATE(revoked_at) UPDATE(scopes)",
    "app_user": KEEPS,
    "app_user_groups": LOOKS,
    "app_user_user_permissions": LOOKS,
    "artefact": ALL,
    "assessment": ALL,
    "audit_event": ADDS,
    "audit_leaf": ADDS,
    "audit_seal": ADDS,
    "auth_group": LOOKS,
    "auth_group_permissions": LOOKS,
    "auth_permission": LOOKS,
    "batch": KEEPS,
    "certificate": KEEPS,
    "channels_postgres_groupchannel": REPLACES,
    "channels_postgres_message": ALL,  # UPDATE for the lock with which a message is taken
    "comment": REPLACES,
    "correction": ALL,
    "django_admin_log": LOOKS,
    "django_content_type": LOOKS,
    "django_migrations": LOOKS,
    "django_session": ALL,
    "document": ALL,
    "draft": ALL,
    "evaluation": ADDS,
    "field": ALL,
    "fingerprint": ALL,
    "fingerprint_band": REPLACES,
    "guardian_groupobjectpermission": LOOKS,
    "guardian_userobjectpermission": LOOKS,
    "idempotency_key": ADDS,
    "issue": ALL,
    "left_out_file": ALL,
    "membership": KEEPS,
    "model_version": KEEPS,
    "outbox_message": REPLACES,
    "page": ALL,
    "queue": KEEPS,
    "queue_group_grant": LOOKS,
    "queue_user_grant": ALL,
    "region_reading": ALL,
    "request_count": "",
    "rereading": ALL,
    "review_task": ALL,
    "schema": KEEPS,
    "sign_in_attempt": ALL,
    "split": REPLACES,
    "task_skip": REPLACES,
    "team": ALL,
    "team_membership": ALL,
    "tenant": "SELECT UPDATE",
    "token_family": "SELECT INSERT UPDATE(current) UPDATE(revoked_at) UPDATE(used_at)",
    "training_example": ALL,
    "training_run": KEEPS,
    "webhook_delivery": ALL,
    "webhook_endpoint": ALL,
    "xml_invoice": ALL,
}

# Whole tables, single columns and sequences; 0 stands for everyone.
GRANTED = """
    WITH those AS (SELECT 0 AS id UNION SELECT oid FROM pg_roles WHERE rolname = 'refinery_app')
    SELECT c.relname, g.privilege_type FROM pg_class c, aclexplode(c.relacl) AS g
    WHERE c.relnamespace = 'public'::regnamespace AND g.grantee IN (SELECT id FROM those)
    UNION
    SELECT c.relname, g.privilege_type || '(' || a.attname || ')'
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid, aclexplode(a.attacl) AS g
    WHERE c.relnamespace = 'public'::regnamespace AND g.grantee IN (SELECT id FROM those)
"""
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')"


def test_the_application_may_do_this_and_no_more() -> None:
    """A new table, or a wider grant, fails here with its name."""
    found: dict[str, set[str]] = {name: set() for (name,) in rows(TABLES)}
    for name, right in rows(GRANTED):
        found.setdefault(name, set()).add(right)
    assert found == {name: set(rights.split()) for name, rights in RIGHTS.items()}


def test_nothing_is_granted_by_default() -> None:
    """Neither for tables to come, nor by another role that the application could become."""
    assert rows("SELECT defaclacl::text FROM pg_default_acl") == []
    member_of = "SELECT 1 FROM pg_auth_members WHERE member = 'refinery_app'::regrole"
    assert rows(member_of) == []


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
def test_what_is_not_granted_is_refused(statement: str) -> None:
    """With rows of one's own before one's eyes."""
    house = make_house()
    house.key(Role.VIEWER)
    with tenant_scope(house.tenant_id):
        assert ApiKey.objects.exists()
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)
