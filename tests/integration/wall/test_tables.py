"""Every table of the database: behind the wall, or in the one list of those that are not."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db

# Tables that belong to no tenant. Each needs its reason.
SHARED = {
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


def rows(statement: str) -> list[tuple[Any, ...]]:
    """Ask the catalogue."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


TABLES = """
    SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, pg_get_userbyid(c.relowner),
           (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid)
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
"""


def test_every_table_is_forced_behind_the_wall_or_listed_as_shared() -> None:
    """A new table is in one of the two, or this fails with its name."""
    found = {name: (enabled, forced, policies) for name, enabled, forced, _owner, policies in rows(TABLES)}
    assert {name for name, state in found.items() if state != (True, True, 1)} == set(SHARED)
    assert {owner for _name, _on, _forced, owner, _policies in rows(TABLES)} == {"refinery_owner"}


def test_every_policy_is_the_one_wall_for_reading_and_for_writing() -> None:
    """By the tenant of the transaction, for every command and every role."""
    wrong = [
        (table, using, check)
        for table, command, permissive, roles, using, check in rows(
            "SELECT tablename, cmd, permissive, roles::text, qual, with_check FROM pg_policies"
            " WHERE schemaname = 'public'"
        )
        if (command, permissive, roles) != ("ALL", "PERMISSIVE", "{public}")
        or using != check
        or using not in {f"(tenant_id = {POLICY}", f"(id = {POLICY}"}
    ]
    assert wrong == []


def test_a_tenants_column_is_never_null_and_the_tenants_key_is_the_walls() -> None:
    """In every table behind the wall."""
    nullable = rows(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND column_name = 'tenant_id' AND is_nullable = 'YES'"
    )
    assert nullable == []


FOREIGN_KEYS = """
    SELECT source.relname, target.relname,
           array_to_string(ARRAY(SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY AS u(number, place)
             JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY u.place), ',')
    FROM pg_constraint k
    JOIN pg_class source ON source.oid = k.conrelid JOIN pg_class target ON target.oid = k.confrelid
    WHERE k.contype = 'f' AND source.relnamespace = 'public'::regnamespace
"""


def test_every_bond_between_tenant_tables_carries_the_tenant() -> None:
    """A plain foreign key could point across the wall: checks of the database itself do not heed policies."""
    keys = rows(FOREIGN_KEYS)
    bonds = {(source, target, columns) for source, target, columns in keys if "," in columns}
    plain = {
        (source, target, columns)
        for source, target, columns in keys
        if "," not in columns and source not in SHARED and target not in SHARED
    }
    assert {(s, t, c) for s, t, c in plain if (s, t, f"tenant_id,{c}") not in bonds} == set()
    assert {(s, t, c) for s, t, c in keys if s in SHARED and t not in SHARED} == set()


def test_every_unique_key_of_a_tenant_table_carries_the_tenant() -> None:
    """Else one tenant learns of another's values by what is taken. Keys over random ids alone tell nothing."""
    told = rows("""
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
        ("queue_group_grant", "content_object_id,group_id,permission_id"): "an id of one tenant, by its bond",
    }
    assert {key for key in told if "tenant_id" not in key[1] and key not in accepted} == set()


def test_the_application_may_do_no_more_than_it_needs() -> None:
    """It owns nothing, makes nothing, truncates nothing, and changes no line of the audit log."""
    may = rows("""
        SELECT c.relname, p.privilege
        FROM pg_class c, (VALUES ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('TRIGGER')) AS p(privilege)
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
        AND has_table_privilege('refinery_app', c.oid, p.privilege)
    """)
    assert {table for table, right in may if right in {"TRUNCATE", "TRIGGER"}} == set()
    assert {table for table, _right in may} & APPEND_ONLY == set()
    assert rows("SELECT has_schema_privilege('refinery_app', 'public', 'CREATE')") == [(False,)]


def test_every_look_across_the_wall_is_narrow() -> None:
    """SECURITY DEFINER functions belong to the platform role, fix their search path and are not for everyone."""
    functions = rows("""
        SELECT p.proname, pg_get_userbyid(p.proowner), array_to_string(p.proconfig, ';'),
               has_function_privilege('public', p.oid, 'EXECUTE')
        FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
    """)
    assert len(functions) > 5
    assert {
        name
        for name, owner, config, for_all in functions
        if (owner, config, for_all) != ("refinery_platform", "search_path=pg_catalog, public", False)
    } == set()


def test_every_model_with_a_tenant_is_reached_by_visible_to_or_named_here() -> None:
    """The first wall stands where the second does."""
    by_other_ways = {"audit.AuditEvent", "audit.AuditLeaf", "audit.AuditSeal", "outbox.OutboxMessage",
                     "web.RequestCount", "review.QueueUserGrant", "review.QueueGroupGrant"}  # fmt: skip
    without = {
        model._meta.label
        for model in apps.get_models()
        if any(field.name == "tenant_id" for field in model._meta.fields)
        and not hasattr(model._default_manager.all(), "visible_to")
    }
    assert without == by_other_ways
