"""The few queries across tenants, each a narrow SECURITY DEFINER function (see the migration)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from refinery.core.database.ids import new_id
from refinery.core.database.prepared import prepared_cursor
from refinery.core.tenancy.roles import Role
from refinery.core.types import TenantId, UserId


@dataclass(frozen=True, slots=True)
class MembershipRecord:
    """Membership of a user, read before a tenant is chosen."""

    tenant_id: TenantId
    tenant_slug: str
    tenant_name: str
    role: Role
    team_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class TenantRecord:
    """Tenant in the list of the platform's administrators."""

    id: TenantId
    slug: str
    name: str
    status: str
    created_at: datetime
    members: int


@dataclass(frozen=True, slots=True)
class ApiKeyRecord:
    """API key as found by its prefix."""

    id: UUID
    tenant_id: TenantId
    user_id: UserId
    name: str
    digest: str
    role: Role
    scopes: list[str] | None
    expires_at: datetime | None


def memberships_of(user_id: UserId) -> tuple[MembershipRecord, ...]:
    """Return the active memberships of an active user in active tenants, by name of tenant.

    A super_admin is a member of every tenant; the caller audits each use of this.
    """
    with prepared_cursor() as cursor:
        cursor.execute("SELECT * FROM platform_memberships(%s)", [user_id])
        rows = cursor.fetchall()
    return tuple(
        MembershipRecord(TenantId(tenant), slug, name, Role(role), tuple(teams or ()))
        for tenant, slug, name, role, teams in rows
    )


def key_by_prefix(prefix: str) -> ApiKeyRecord | None:
    """Return a key that is not revoked and whose tenant is not suspended; the caller checks its expiry."""
    with prepared_cursor() as cursor:
        cursor.execute("SELECT * FROM platform_api_key(%s)", [prefix])
        row = cursor.fetchone()
    if row is None:
        return None
    key, tenant, user, name, digest, role, scopes, expires_at = row
    return ApiKeyRecord(
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
    """Insert a tenant. Raises django.db.IntegrityError if the slug is taken."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT platform_create_tenant(%s, %s, %s)", [new_id(), slug, name])
        row = cursor.fetchone()
    if row is None:
        message = "the database created no tenant"
        raise RuntimeError(message)
    return TenantId(row[0])


def tenant_by_slug(slug: str) -> TenantId | None:
    """Return the id of a tenant by slug, for commands of the operator."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT platform_tenant(%s)", [slug])
        row = cursor.fetchone()
    return TenantId(row[0]) if row and row[0] else None


def tenant_directory(user_id: UserId, search: str = "") -> tuple[TenantRecord, ...]:
    """Return the tenants, suspended ones included, by name; none for a user who is not an active super_admin.

    At most 500 of them, those whose name or slug contains `search`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM platform_tenant_directory(%s, %s)", [user_id, search])
        rows = cursor.fetchall()
    return tuple(TenantRecord(TenantId(row[0]), *row[1:]) for row in rows)
