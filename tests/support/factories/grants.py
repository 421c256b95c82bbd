"""Grants of objects, made by the administrator of a tenant."""

from django.db.models import Model

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.granting import Grantee, set_grants
from refinery.core.tenancy.grants import Access
from refinery.core.tenancy.roles import Role
from tests.support.factories.tenants import TenantFixture


def grant(tenant: TenantFixture, target: Model, grantee: Grantee, *accesses: Access) -> None:
    """Give a user or a team exactly these accesses to an object."""
    with tenant_scope(tenant.tenant_id):
        set_grants(actor=tenant.actor(Role.ORG_ADMIN), target=target, grantee=grantee, wanted=frozenset(accesses))
