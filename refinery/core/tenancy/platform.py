"""The few looks across the tenant wall, each a narrow SECURITY DEFINER function (see migration 0002)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from refinery.core.database.ids import new_id
from refinery.core.tenancy.roles import Role
from refinery.core.types import TenantId, UserId


@dataclass(frozen=True, slots=True)
class MembershipFact:
    """A person's place in one tenant, before a tenant is chosen."""

    tenant_id: TenantId
    tenant_slug: str
    tenant_name: str
    role: Role
    team_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class KeyFact:
    """What is known of an API key by its prefix."""

    id: UUID
    tenant_id: TenantId
    user_id: UserId
    name: str
    digest: str
    role: Role
    scopes: list[str] | None
    expires_at: datetime | None


def memberships_of(user_id: UserId) -> tuple[MembershipFact, ...]:
    """Give the active memberships of an active user in active tenants, by name of tenant.

    A super_admin has a place in every tenant; each use of it is audited by the caller.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM platform_memberships(%s)", [user_id])
        rows = cursor.fetchall()
    return tuple(
        MembershipFact(TenantId(tenant), slug, name, Role(role), tuple(teams or ()))
        for tenant, slug, name, role, teams in rows
    )


def key_by_prefix(prefix: str) -> KeyFact | None:
    """Find a key that is neither revoked nor of a suspended tenant; expiry is the caller's to judge."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM platform_api_key(%s)", [prefix])
        row = cursor.fetchone()
    if row is None:
        return None
    key, tenant, user, name, digest, role, scopes, expires_at = row
    return KeyFact(
        key,
        TenantId(tenant),
        UserId(user),
        name,
        digest,
        Role(role),
        None if scopes is None else list(scopes),
        expires_at,
    )


def create_tenant_row(slug: str, name: str) -> TenantId:
    """Insert a tenant; raises django.db.IntegrityError when the slug is taken."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT platform_create_tenant(%s, %s, %s)", [new_id(), slug, name])
        row = cursor.fetchone()
    if row is None:
        message = "the database made no tenant"
        raise RuntimeError(message)
    return TenantId(row[0])


def tenant_by_slug(slug: str) -> TenantId | None:
    """Find a tenant for a command of the operator."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT platform_tenant(%s)", [slug])
        row = cursor.fetchone()
    return TenantId(row[0]) if row and row[0] else None


def all_tenants() -> tuple[TenantId, ...]:
    """Give the ids of all active tenants, for schedules that visit each in turn."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT platform_tenants()")
        return tuple(TenantId(row[0]) for row in cursor.fetchall())
