"""Work of the platform's administrators on a tenant other than the one that they are signed in to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest

from refinery.core.database.scope import outside_tenant, tenant_scope
from refinery.core.tenancy.roles import Permission
from refinery.core.types import TenantId
from refinery.core.web.requests import ACTOR, actor_of_request

HOME_META = "refinery.home_tenant"


def home_tenant(request: HttpRequest) -> TenantId:
    """Return the tenant that the person is signed in to, also within acting_in."""
    home: TenantId = request.META.get(HOME_META) or actor_of_request(request).tenant_id
    return home


@contextmanager
def acting_in(request: HttpRequest, tenant_id: UUID) -> Iterator[None]:
    """Run a block as the same person in another tenant, suspended ones included. Raises NotAllowed.

    The transaction and the request's actor change together, so that rows, permissions and the audit log are those of
    that tenant.
    """
    actor = actor_of_request(request)
    actor.require(Permission.TENANT_CREATE)
    request.META[HOME_META] = actor.tenant_id
    request.META[ACTOR] = replace(actor, tenant_id=TenantId(tenant_id), team_ids=())
    try:
        with outside_tenant(), tenant_scope(TenantId(tenant_id)):
            yield
    finally:
        request.META[ACTOR] = actor
