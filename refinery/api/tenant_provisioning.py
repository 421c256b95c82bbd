"""A tenant that can work at once: its schemas and queues, and people in it."""

from dataclasses import dataclass

from ingestion.domain.schemas import BUILT_IN
from ingestion.services.schemas import default_schemas
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import User
from refinery.core.tenancy.platform import tenant_by_slug
from refinery.core.tenancy.roles import Role
from refinery.core.tenancy.services import add_member, create_tenant
from refinery.core.types import TenantId
from review.services.queues import default_queues


@dataclass(frozen=True, slots=True)
class Person:
    """Someone to be let in: `password` is None for one who exists already."""

    email: str
    name: str
    role: Role
    password: str | None = None


def provision_tenant(*, slug: str, name: str) -> TenantId:
    """Make the tenant with schemas and queues, or complete the one that is there."""
    tenant_id = tenant_by_slug(slug) or create_tenant(slug=slug, name=name)
    with tenant_scope(tenant_id):
        default_schemas(tenant_id=tenant_id)
        default_queues(tenant_id=tenant_id, titles={spec.key: spec.title for spec in BUILT_IN})
    return tenant_id


def let_in(tenant_id: TenantId, person: Person) -> User:
    """Make the person's account where it is missing, set the password given, and add the membership."""
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(person.email, person.password, name=person.name)
    elif person.password is not None and not user.check_password(person.password):
        # Only then: a new hash of the same password would end the person's sessions.
        user.set_password(person.password)
        user.save(update_fields=["password"])
    if person.role is Role.SUPER_ADMIN:
        User.objects.filter(pk=user.pk).update(is_superuser=True, is_staff=True)
    else:
        add_member(actor=None, tenant_id=tenant_id, user=user, role=person.role)
    return user
