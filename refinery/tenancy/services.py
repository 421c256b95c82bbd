"""Make tenants, members and keys."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from refinery.audit.services import record
from refinery.database.ids import new_id
from refinery.database.scope import tenant_scope
from refinery.tenancy.actor import Actor, NotAllowed, system
from refinery.tenancy.models import ApiKey, Membership, User
from refinery.tenancy.platform import create_tenant_row
from refinery.tenancy.roles import Role, Verb, may_grant
from refinery.types import TenantId, UserId

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


def add_member(*, actor: Actor | None, tenant_id: TenantId, user: User, role: Role) -> Membership:
    """Give a person a role; raises NotAllowed when the giver's own role is lower. No actor: the system."""
    if actor is not None:
        actor.require(Verb.MEMBER_EDIT)
        if not may_grant(actor.role, role):
            raise NotAllowed(Verb.MEMBER_EDIT)
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
    if actor is not None:
        actor.require(Verb.KEY_EDIT)
        if not may_grant(actor.role, role):
            raise NotAllowed(Verb.KEY_EDIT)
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
            scopes=[scope.value for scope in scopes] if scopes else None,
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
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        record(actor.audit, "key.revoked", "api_key", row.id)


def user_id_of(user: User) -> UserId:
    """Give a user's typed id."""
    return UserId(user.pk)
