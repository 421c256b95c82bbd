"""Creation and changes of tenants, members and API keys."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from refinery.core.audit.services import record_event
from refinery.core.database.ids import new_id
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor, NotAllowed, system_actor
from refinery.core.tenancy.models import ApiKey, Membership, User
from refinery.core.tenancy.platform import create_tenant_row
from refinery.core.tenancy.roles import ROLE_PERMISSIONS, Permission, Role, may_grant
from refinery.core.types import TenantId, UserId

KEY_TOKEN_PREFIX = "rfk_"  # noqa: S105 - what every key begins with, no secret
PREFIX_LENGTH = 12


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """New API key with its secret, which is shown once."""

    id: UUID
    prefix: str
    key: str


def create_tenant(*, slug: str, name: str) -> TenantId:
    """Create an empty tenant; apps add their defaults (schemas, queues) by separate services."""
    with transaction.atomic():
        tenant_id = create_tenant_row(slug, name)
        with tenant_scope(tenant_id):
            record_event(system_actor(tenant_id), "tenant.created", "tenant", tenant_id)
    return tenant_id


def _effective_permissions(role: Role, scopes: list[Permission] | None) -> frozenset[Permission]:
    return ROLE_PERMISSIONS[role] if scopes is None else ROLE_PERMISSIONS[role] & frozenset(scopes)


def _require_grant(
    actor: Actor | None, permission: Permission, role: Role, scopes: list[Permission] | None = None
) -> None:
    """Require that the actor grants no more than they hold: no higher role and, with a scoped key, no wider key."""
    if role is Role.SUPER_ADMIN:
        message = "super_admin is not a role within a tenant"
        raise ValueError(message)
    if actor is None:
        return
    actor.require(permission)
    if not may_grant(actor.role, role) or not all(actor.can(held) for held in _effective_permissions(role, scopes)):
        raise NotAllowed(permission)


def add_member(*, actor: Actor | None, tenant_id: TenantId, user: User, role: Role) -> Membership:
    """Add a member with a role. Raises NotAllowed if the actor's role is lower. No actor: the system."""
    _require_grant(actor, Permission.MEMBER_EDIT, role)
    by = actor.audit if actor else system_actor(tenant_id)
    with tenant_scope(tenant_id):
        before = Membership.objects.filter(tenant_id=tenant_id, user=user).values_list("role", "is_active").first()
        membership, _ = Membership.objects.update_or_create(
            tenant_id=tenant_id, user=user, defaults={"role": role.value, "is_active": True}
        )
        earlier = list(before) if before else None
        record_event(by, "member.added", "user", user.pk, role=role.value, before=earlier)
    return membership


def key_digest(key: str) -> str:
    """Return the SHA-256 of a key: keys have 256 random bits, so no slow hash is needed."""
    return hashlib.sha256(key.encode()).hexdigest()


def create_api_key(
    *,
    actor: Actor | None,
    tenant_id: TenantId,
    name: str,
    role: Role,
    scopes: list[Permission] | None = None,
    expires_at: datetime | None = None,
) -> NewApiKey:
    """Create a key with a new service user; the key itself is only in the return value."""
    _require_grant(actor, Permission.KEY_EDIT, role, scopes)
    by = actor.audit if actor else system_actor(tenant_id)
    key = KEY_TOKEN_PREFIX + secrets.token_urlsafe(32)
    prefix = key[:PREFIX_LENGTH]
    with tenant_scope(tenant_id):
        service = User.objects.create_user(f"{new_id()}@service.invalid", name=name, is_service=True)
        row = ApiKey.objects.create(
            tenant_id=tenant_id,
            name=name,
            prefix=prefix,
            digest=key_digest(key),
            user=service,
            role=role.value,
            scopes=None if scopes is None else [scope.value for scope in scopes],
            created_by_id=actor.user_id if actor else None,
            expires_at=expires_at,
        )
        record_event(by, "key.created", "api_key", row.id, role=role.value)
    return NewApiKey(row.id, prefix, key)


def revoke_api_key(*, actor: Actor, key_id: UUID) -> None:
    """Revoke a key immediately. Raises ApiKey.DoesNotExist for a key of another tenant."""
    actor.require(Permission.KEY_EDIT)
    with tenant_scope(actor.tenant_id):
        row = ApiKey.objects.visible_to(actor).get(pk=key_id)
        row.revoked_at = row.revoked_at or timezone.now()
        row.save(update_fields=["revoked_at"])
        record_event(actor.audit, "key.revoked", "api_key", row.id)


def change_api_key(
    *,
    actor: Actor,
    key_id: UUID,
    name: str | None = None,
    scopes: list[Permission] | None = None,
    expires_at: datetime | None = None,
) -> ApiKey:
    """Rename a key, change its scopes or its expiry; None leaves a value unchanged.

    Raises ApiKey.DoesNotExist for a key of another tenant or a revoked one, NotAllowed for scopes that the actor
    does not have.
    """
    actor.require(Permission.KEY_EDIT)
    with tenant_scope(actor.tenant_id):
        row = ApiKey.objects.visible_to(actor).select_for_update().get(pk=key_id, revoked_at=None)
        before = _key_values(row)
        if scopes is not None:
            _require_grant(actor, Permission.KEY_EDIT, Role(row.role), scopes)
            row.scopes = [scope.value for scope in scopes]
        row.name = row.name if name is None else name
        row.expires_at = row.expires_at if expires_at is None else expires_at
        row.save(update_fields=["name", "scopes", "expires_at"])
        after = _key_values(row)
        values = {column: [before[column], after[column]] for column in after if before[column] != after[column]}
        record_event(actor.audit, "key.changed", "api_key", row.id, fields=sorted(values), values=values)
    return row


def _key_values(row: ApiKey) -> dict[str, Any]:
    return {"name": row.name, "scopes": row.scopes, "expires_at": row.expires_at and row.expires_at.isoformat()}


def user_id_of(user: User) -> UserId:
    """Return a user's typed id."""
    return UserId(user.pk)
