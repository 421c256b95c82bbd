"""Check of email address and password, shared by the sign-in page and the token endpoint."""

from typing import Final
from uuid import UUID

from django.contrib.auth import authenticate
from django.db import transaction
from django.utils.crypto import salted_hmac

from refinery.core.audit.services import AuditActor, record_event
from refinery.core.database.ids import new_id
from refinery.core.database.scope import current_tenant, tenant_scope
from refinery.core.tenancy.models import User
from refinery.core.tenancy.platform import MembershipRecord, memberships_of
from refinery.core.tenancy.roles import Role
from refinery.core.tenancy.sign_in_attempts import TooManyAttempts, count_attempt, reset_attempts
from refinery.core.types import TenantId, UserId

PLATFORM_LOG: Final = TenantId(UUID(int=0))  # audit log of events that belong to no tenant


def check_credentials(*, email: str, password: str, address: str, request_id: str = "") -> User | None:
    """Return the user, None if either value is wrong; a refusal is audited. Raises TooManyAttempts.

    Unknown, inactive and service accounts take the time of a real check, because Django hashes for them too, and
    their refusal is written in the same way.
    """
    try:
        count_attempt(email, address)
    except TooManyAttempts as limit:
        if limit.first:
            record_refusal(email, address, "session.blocked", request_id)
        raise
    user = authenticate(username=email, password=password)
    if not isinstance(user, User):
        record_refusal(email, address, "session.refused", request_id)
        return None
    reset_attempts(email, address)
    return user


def record_refusal(email: str, address: str, action: str, request_id: str) -> None:
    """Record a failed sign-in where a successful one would be: in the log of the first of the user's tenants.

    Those of accounts without a tenant go to the platform's log. The network address is kept as a keyed digest.
    """
    user = User.objects.filter(email__iexact=email.strip()).first()
    source = salted_hmac("refinery.address", address, algorithm="sha256").hexdigest()[:16]
    _record_in_first_tenant(user, None, action, request_id, source=source)


def record_chosen_password(user: User, request_id: str = "") -> None:
    """Record that a new member chose a password, in the log of the first of their tenants."""
    _record_in_first_tenant(user, UserId(user.pk), "password.chosen", request_id)


def _record_in_first_tenant(
    user: User | None, by: UserId | None, action: str, request_id: str, **detail: object
) -> None:
    places = memberships_of(UserId(user.pk if user else new_id()))
    tenant_id = places[0].tenant_id if user and places else PLATFORM_LOG
    author = AuditActor(tenant_id, by, "user" if by else "system", request_id)

    def write() -> None:
        with tenant_scope(tenant_id):
            record_event(author, action, "user", user.pk if user else None, **detail)

    if current_tenant():  # someone who is signed in signs in again: this transaction is in their tenant
        transaction.on_commit(write)
    else:
        write()


def record_sign_in(user: User, membership: MembershipRecord, action: str, request_id: str = "") -> None:
    """Record a sign-in in the tenant's audit log; that of a super_admin is marked as such."""
    by = AuditActor(membership.tenant_id, user.pk, "user", request_id)
    with tenant_scope(membership.tenant_id):
        record_event(
            by, action, "user", user.pk, role=membership.role.value, platform=membership.role is Role.SUPER_ADMIN
        )
