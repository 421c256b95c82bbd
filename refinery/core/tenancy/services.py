"""Make tenants, members and keys."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from refinery.core.audit.services import record
from refinery.core.database.ids import new_id
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor, NotAllowed, system
from refinery.core.tenancy.models import ApiKey, Membership, User
from refinery.core.tenancy.platform import create_tenant_row
from refinery.core.tenancy.roles import ROLE_VERBS, Role, Verb, may_grant
from refinery.core.types import TenantId, UserId

KEY_MARK = "rfk_"
PREFIX_LENGTH = 12


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as it is shown once."""

    id: UUID
    prefix: str
    key: str


def create_tenant(*, slug: str, name: str) -> TenantId:
    """Make an empty tenant; apps add their defaults (schemas, queues) by their own services."""
    with transaction.atomic():
        tenant_id = create_tenant_row(slug, name)
        with tenant_scope(tenant_id):
            record(system(tenant_id), "tenant.created", "tenant", tenant_id)
    return tenant_id


def _effective(role: Role, scopes: list[Verb] | None) -> frozenset[Verb]:
    return ROLE_VERBS[role] if scopes is None else ROLE_VERBS[role] & frozenset(scopes)


def _require_grant(actor: Actor | None, verb: Verb, role: Role, scopes: list[Verb] | None = None) -> None:
    """Nobody hands out what they do not hold: neither a higher role nor, with a narrow key, a wider one."""
    if role is Role.SUPER_ADMIN:
        message = "super_admin is not a role within a tenant"
        raise ValueError(message)
    if actor is None:
        return
    actor.require(verb)
    if not may_grant(actor.role, role) or not all(actor.can(held) for held in _effective(role, scopes)):
        raise NotAllowed(verb)


def add_member(*, actor: Actor | None, tenant_id: TenantId, user: User, role: Role) -> Membership:
    """Give a person a role; raises NotAllowed when the giver's own role is lower. No actor: the system."""
    _require_grant(actor, Verb.MEMBER_EDIT, role)
    by = actor.audit if actor else system(tenant_id)
    with tenant_scope(tenant_id):
        membership, _ = Membership.objects.update_or_create(
            tenant_id=tenant_id, user=user, defaults={"role": role.value, "is_active": True}
        )
        record(by, "member.added", "user", user.pk, role=role.value)
    return membership


def digest_of(key: str) -> str:
    """SHA-256 of a key: keys carry 256 random bits, so that no slow hash is needed."""
    return hashlib.sha256(key.encode()).hexdigest()


def create_api_key(
    *,
    actor: Actor | None,
    tenant_id: TenantId,
    name: str,
    role: Role,
    scopes: list[Verb] | None = None,
    expires_at: datetime | None = None,
) -> NewKey:
    """Make a key with a service user of its own; the key itself is in the answer and nowhere else."""
    _require_grant(actor, Verb.KEY_EDIT, role, scopes)
    by = actor.audit if actor else system(tenant_id)
    key = KEY_MARK + secrets.token_urlsafe(32)
    prefix = key[:PREFIX_LENGTH]
    with tenant_scope(tenant_id):
        service = User.objects.create_user(f"{new_id()}@service.invalid", name=name, is_service=True)
        row = ApiKey.objects.create(
            tenant_id=tenant_id,
            name=name,
            prefix=prefix,
            digest=digest_of(key),
            user=service,
            role=role.value,
            scopes=None if scopes is None else [scope.value for scope in scopes],
            created_by_id=actor.user_id if actor else None,
            expires_at=expires_at,
        )
        record(by, "key.created", "api_key", row.id, role=role.value)
    return NewKey(row.id, prefix, key)


def revoke_api_key(*, actor: Actor, key_id: UUID) -> None:
    """End a key at once; raises ApiKey.DoesNotExist for one of another tenant."""
    actor.require(Verb.KEY_EDIT)
    with tenant_scope(actor.tenant_id):
        row = ApiKey.objects.visible_to(actor).get(pk=key_id)
        row.revoked_at = row.revoked_at or timezone.now()
        row.save(update_fields=["revoked_at"])
        record(actor.audit, "key.revoked", "api_key", row.id)


def change_api_key(
    *,
    actor: Actor,
    key_id: UUID,
    name: str | None = None,
    scopes: list[Verb] | None = None,
    expires_at: datetime | None = None,
) -> ApiKey:
    """Rename a key, narrow or widen its scopes, move its end; what is None stays as it is.

    Raises ApiKey.DoesNotExist for one of another tenant or a revoked one, NotAllowed for scopes that the actor
    does not hold.
    """
    actor.require(Verb.KEY_EDIT)
    with tenant_scope(actor.tenant_id):
        row = ApiKey.objects.visible_to(actor).select_for_update().get(pk=key_id, revoked_at=None)
        if scopes is not None:
            _require_grant(actor, Verb.KEY_EDIT, Role(row.role), scopes)
            row.scopes = [scope.value for scope in scopes]
        row.name = row.name if name is None else name
        row.expires_at = row.expires_at if expires_at is None else expires_at
        row.save(update_fields=["name", "scopes", "expires_at"])
        record(actor.audit, "key.changed", "api_key", row.id, scopes=row.scopes)
    return row


def user_id_of(user: User) -> UserId:
    """Give a user's typed id."""
    return UserId(user.pk)
