"""Provisioning of a tenant that is ready to use: schemas, queues and members."""

from dataclasses import dataclass, replace

from ingestion.domain.schemas import BUILT_IN_SCHEMAS
from ingestion.services.schemas import create_default_schemas
from refinery.core.audit.services import record_event
from refinery.core.database.scope import outside_tenant, tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.invitations import Invitation, invite
from refinery.core.tenancy.models import User
from refinery.core.tenancy.platform import tenant_by_slug
from refinery.core.tenancy.roles import Permission, Role
from refinery.core.tenancy.services import add_member, create_tenant
from refinery.core.types import TenantId
from review.services.queues import default_queues


@dataclass(frozen=True, slots=True)
class MemberSpec:
    """Member to add: `password` is None for an existing user."""

    email: str
    name: str
    role: Role
    password: str | None = None


def provision_tenant(*, slug: str, name: str) -> TenantId:
    """Create the tenant with schemas and queues, or add those that are missing."""
    tenant_id = tenant_by_slug(slug) or create_tenant(slug=slug, name=name)
    with tenant_scope(tenant_id):
        create_default_schemas(tenant_id=tenant_id)
        default_queues(tenant_id=tenant_id, titles={spec.key: spec.title for spec in BUILT_IN_SCHEMAS})
    return tenant_id


def open_tenant(*, actor: Actor, slug: str, name: str, admin_email: str) -> Invitation:
    """Create a tenant that is ready to use, and invite its first administrator.

    Raises NotAllowed, and django.db.IntegrityError if the slug is taken.
    """
    actor.require(Permission.TENANT_CREATE)
    with outside_tenant():
        tenant_id = create_tenant(slug=slug, name=name)
        provision_tenant(slug=slug, name=name)
        place = replace(actor, tenant_id=tenant_id, team_ids=())
        with tenant_scope(tenant_id):
            record_event(place.audit, "tenant.opened", "tenant", tenant_id)
            return invite(actor=place, email=admin_email, role=Role.ORG_ADMIN)


def ensure_member(tenant_id: TenantId, member: MemberSpec) -> User:
    """Create the user if missing, set the password if there is one, and add the membership."""
    user = User.objects.filter(email=member.email).first()
    if user is None:
        user = User.objects.create_user(member.email, member.password, name=member.name)
    elif member.password is not None and not user.check_password(member.password):
        # Only if it differs: a new hash of the same password would end the user's sessions.
        user.set_password(member.password)
        user.save(update_fields=["password"])
    if member.role is Role.SUPER_ADMIN:
        User.objects.filter(pk=user.pk).update(is_superuser=True, is_staff=True)
    else:
        add_member(actor=None, tenant_id=tenant_id, user=user, role=member.role)
    return user
