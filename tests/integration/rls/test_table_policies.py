"""Every table has row-level security or is in the list of shared tables."""

from typing import Any

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, connections, transaction

from refinery.core.database.rls import FixSearchPaths

pytestmark = pytest.mark.django_db

# Tables that belong to no tenant, each with a reason.
SHARED_TABLES = {
    "app_user": "a person may belong to several tenants",
    "app_user_groups": "Django's, unused",
    "app_user_user_permissions": "Django's, unused",
    "auth_group": "Django's, unused",
    "auth_group_permissions": "Django's, unused",
    "auth_permission": "names of rights, for django-guardian",
    "channels_postgres_groupchannel": "ids of sockets and of what they watch; the groups are named by ids",
    "channels_postgres_message": "live events of ids and numbers, on their way",
    "django_admin_log": "unused: the audit log stands for it",
    "django_content_type": "names of models",
    "django_migrations": "names of migrations",
    "django_session": "a session may move between its person's tenants",
    "guardian_groupobjectpermission": "unused: grants have tables of their own, with a tenant",
    "guardian_userobjectpermission": "unused: grants have tables of their own, with a tenant",
    "sign_in_attempt": "counted before a tenant is known; keyed digests alone",
}
APPEND_ONLY = {"audit_event", "audit_leaf", "audit_seal"}
POLICY = "(NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)"


def query_rows(statement: str) -> list[tuple[Any, ...]]:
    """Query the catalogue."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


TABLES_QUERY = """
    SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, pg_get_userbyid(c.relowner),
           (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid)
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
"""


def test_every_table_forces_rls_or_is_listed_as_shared() -> None:
    """A new table in neither group fails here, by name."""
    found = {name: (enabled, forced, policies) for name, enabled, forced, _owner, policies in query_rows(TABLES_QUERY)}
    assert {name for name, state in found.items() if state != (True, True, 1)} == set(SHARED_TABLES)
    assert {owner for _name, _on, _forced, owner, _policies in query_rows(TABLES_QUERY)} == {"refinery_owner"}


def test_every_policy_restricts_reads_and_writes_to_tenant() -> None:
    """By the tenant of the transaction, for every command and every role."""
    wrong = [
        (table, using, check)
        for table, command, permissive, roles, using, check in query_rows(
            "SELECT tablename, cmd, permissive, roles::text, qual, with_check FROM pg_policies"
            " WHERE schemaname = 'public'"
        )
        if (command, permissive, roles) != ("ALL", "PERMISSIVE", "{public}")
        or using != check
        or using not in {f"(tenant_id = {POLICY}", f"(id = {POLICY}"}
    ]
    assert wrong == []


def test_tenant_id_is_not_null_and_tenant_key_has_policy() -> None:
    """In every table with row-level security."""
    nullable = query_rows(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND column_name = 'tenant_id' AND is_nullable = 'YES'"
    )
    assert nullable == []


FOREIGN_KEYS_QUERY = """
    SELECT source.relname, target.relname,
           array_to_string(ARRAY(SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY AS u(number, place)
             JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY u.place), ',')
    FROM pg_constraint k
    JOIN pg_class source ON source.oid = k.conrelid JOIN pg_class target ON target.oid = k.confrelid
    WHERE k.contype = 'f' AND source.relnamespace = 'public'::regnamespace
"""


def test_foreign_keys_between_tenant_tables_include_tenant() -> None:
    """A plain foreign key could refer to another tenant's row: constraint checks ignore policies."""
    keys = query_rows(FOREIGN_KEYS_QUERY)
    bonds = {(source, target, columns) for source, target, columns in keys if "," in columns}
    plain = {
        (source, target, columns)
        for source, target, columns in keys
        if "," not in columns and source not in SHARED_TABLES and target not in SHARED_TABLES
    }
    assert {(s, t, c) for s, t, c in plain if (s, t, f"tenant_id,{c}") not in bonds} == set()
    assert {(s, t, c) for s, t, c in keys if s in SHARED_TABLES and t not in SHARED_TABLES} == set()


def test_unique_keys_of_tenant_tables_include_tenant() -> None:
    """Otherwise a unique violation reveals another tenant's values. Keys over random ids only reveal nothing."""
    keys = query_rows("""
        SELECT t.relname, array_to_string(ARRAY(SELECT a.attname FROM unnest(i.indkey) AS n
                 JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = n ORDER BY a.attname), ',')
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
        WHERE i.indisunique AND NOT i.indisprimary AND t.relnamespace = 'public'::regnamespace AND t.relrowsecurity
    """)
    accepted = {
        ("tenant", "slug"): "made by the platform alone",
        ("api_key", "prefix"): "random",
        ("team_membership", "membership_id,team_id"): "ids of one tenant, by their bonds",
        ("fingerprint", "document_id"): "an id of one tenant, by its bond",
        ("queue_user_grant", "content_object_id,permission_id,user_id"): "an id of one tenant, by its bond",
        ("queue_team_grant", "content_object_id,group_id,permission_id"): "an id of one tenant, by its bond",
        ("batch_user_grant", "content_object_id,permission_id,user_id"): "an id of one tenant, by its bond",
        ("batch_team_grant", "content_object_id,group_id,permission_id"): "an id of one tenant, by its bond",
        ("document_user_grant", "content_object_id,permission_id,user_id"): "an id of one tenant, by its bond",
        ("document_team_grant", "content_object_id,group_id,permission_id"): "an id of one tenant, by its bond",
    }
    assert {key for key in keys if "tenant_id" not in key[1] and key not in accepted} == set()


def test_application_role_has_no_excess_privileges() -> None:
    """It owns and creates nothing, truncates nothing, and cannot change the audit log."""
    may = query_rows("""
        SELECT c.relname, p.privilege
        FROM pg_class c, (VALUES ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('TRIGGER')) AS p(privilege)
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
        AND has_table_privilege('refinery_app', c.oid, p.privilege)
    """)
    assert {table for table, right in may if right in {"TRUNCATE", "TRIGGER"}} == set()
    assert {table for table, _right in may} & APPEND_ONLY == set()
    assert query_rows("SELECT has_schema_privilege('refinery_app', 'public', 'CREATE')") == [(False,)]


def test_security_definer_functions_are_restricted() -> None:
    """SECURITY DEFINER functions belong to the platform role, fix their search path and are not public."""
    functions = query_rows("""
        SELECT p.proname, pg_get_userbyid(p.proowner), array_to_string(p.proconfig, ';'),
               has_function_privilege('public', p.oid, 'EXECUTE')
        FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
    """)
    assert len(functions) > 5
    assert {
        name
        for name, owner, config, for_all in functions
        if (owner, config, for_all) != ("refinery_platform", "search_path=pg_catalog, public, pg_temp", False)
    } == set()


def test_application_creates_no_temporary_objects() -> None:
    """A temporary table would come before the real one in a search path that does not name pg_temp."""
    assert query_rows("SELECT has_database_privilege('refinery_app', current_database(), 'TEMPORARY')") == [(False,)]
    assert query_rows("SELECT has_database_privilege('public', current_database(), 'TEMPORARY')") == [(False,)]
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("CREATE TEMPORARY TABLE tenant (id uuid)")


@pytest.mark.django_db(databases=["default", "owner"])
def test_migration_corrects_functions_and_privileges_of_older_versions() -> None:
    """Search paths without pg_temp, and the right to create temporary objects."""
    with connections["owner"].cursor() as owner:
        owner.execute("ALTER FUNCTION platform_tenants() SET search_path = pg_catalog, public")
        owner.execute("GRANT TEMPORARY ON DATABASE " + connections["owner"].settings_dict["NAME"] + " TO refinery_app")
        owner.execute(str(FixSearchPaths().sql))
        owner.execute("SELECT array_to_string(proconfig, ';') FROM pg_proc WHERE proname = 'platform_tenants'")
        assert owner.fetchall() == [("search_path=pg_catalog, public, pg_temp",)]
        owner.execute("SELECT has_database_privilege('refinery_app', current_database(), 'TEMPORARY')")
        assert owner.fetchall() == [(False,)]


def test_models_with_tenant_have_visible_to_or_are_listed() -> None:
    """Every tenant model has the ORM filter in addition to RLS."""
    by_other_ways = {
        "audit.AuditEvent",
        "audit.AuditLeaf",
        "audit.AuditSeal",
        "outbox.OutboxMessage",
        "web.RequestCount",
        "review.QueueUserGrant",
        "review.QueueTeamGrant",
        "ingestion.BatchUserGrant",
        "ingestion.BatchTeamGrant",
        "ingestion.DocumentUserGrant",
        "ingestion.DocumentTeamGrant",
    }
    without = {
        model._meta.label
        for model in apps.get_models()
        if any(field.name == "tenant_id" for field in model._meta.fields)
        and not hasattr(model._default_manager.all(), "visible_to")
    }
    assert without == by_other_ways
