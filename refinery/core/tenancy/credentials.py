"""A mail address and a password: checked in one place for the sign-in page and for tokens."""

from django.contrib.auth import authenticate

from refinery.core.audit.services import AuditActor, record
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import User
from refinery.core.tenancy.platform import MembershipFact
from refinery.core.tenancy.roles import Role
from refinery.core.tenancy.sign_in_attempts import count_attempt, forgive


def check_credentials(*, email: str, password: str, address: str) -> User | None:
    """Give the person, None for anything wrong with either; raises TooManyAttempts.

    Unknown, inactive and service accounts take the time of a real check: Django hashes for them too.
    """
    count_attempt(email, address)
    user = authenticate(username=email, password=password)
    if not isinstance(user, User):
        return None
    forgive(email, address)
    return user


def record_entry(user: User, place: MembershipFact, action: str, request_id: str = "") -> None:
    """Write into the tenant's audit log that a person came in; a super_admin's coming is marked as such."""
    by = AuditActor(place.tenant_id, user.pk, "user", request_id)
    with tenant_scope(place.tenant_id):
        record(by, action, "user", user.pk, role=place.role.value, platform=place.role is Role.SUPER_ADMIN)
