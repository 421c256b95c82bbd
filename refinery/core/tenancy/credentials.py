"""Check of email address and password, shared by the sign-in page and the token endpoint."""

from django.contrib.auth import authenticate

from refinery.core.audit.services import AuditActor, record_event
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import User
from refinery.core.tenancy.platform import MembershipRecord
from refinery.core.tenancy.roles import Role
from refinery.core.tenancy.sign_in_attempts import count_attempt, reset_attempts


def check_credentials(*, email: str, password: str, address: str) -> User | None:
    """Return the user, None if either value is wrong. Raises TooManyAttempts.

    Unknown, inactive and service accounts take the time of a real check, because Django hashes for them too.
    """
    count_attempt(email, address)
    user = authenticate(username=email, password=password)
    if not isinstance(user, User):
        return None
    reset_attempts(email, address)
    return user


def record_sign_in(user: User, membership: MembershipRecord, action: str, request_id: str = "") -> None:
    """Record a sign-in in the tenant's audit log; that of a super_admin is marked as such."""
    by = AuditActor(membership.tenant_id, user.pk, "user", request_id)
    with tenant_scope(membership.tenant_id):
        record_event(
            by, action, "user", user.pk, role=membership.role.value, platform=membership.role is Role.SUPER_ADMIN
        )
