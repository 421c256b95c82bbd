"""Helpers shared by the tenant commands."""

from django.core.management.base import CommandError

from refinery.core.tenancy.platform import tenant_by_slug
from refinery.core.types import TenantId


def named_tenant(slug: str) -> TenantId:
    """Return the id of the tenant with this slug. Raises CommandError if there is none."""
    tenant_id = tenant_by_slug(slug)
    if tenant_id is None:
        message = f"there is no tenant {slug!r}"
        raise CommandError(message)
    return tenant_id
