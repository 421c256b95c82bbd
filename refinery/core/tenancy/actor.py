"""Actor of a request: a value created once per request, from a session, a key or a token."""

from dataclasses import dataclass
from uuid import UUID

from refinery.core.audit.services import AuditActor
from refinery.core.tenancy.roles import ROLE_PERMISSIONS, Permission, Role
from refinery.core.types import TenantId, UserId


class NotAllowed(Exception):
    """The actor's role or scopes do not include this permission: 403 within a tenant."""

    def __init__(self, permission: Permission) -> None:
        """Store the permission for the problem's text."""
        super().__init__(f"this needs the permission {permission}")
        self.permission = permission


@dataclass(frozen=True, slots=True)
class Actor:
    """User or service within one tenant. `scopes` is None if all permissions of the role apply."""

    user_id: UserId
    tenant_id: TenantId
    role: Role
    name: str = ""
    kind: str = "user"  # user | service
    team_ids: tuple[UUID, ...] = ()
    scopes: frozenset[Permission] | None = None
    key_id: UUID | None = None
    request_id: str = ""

    def can(self, permission: Permission) -> bool:
        """Return whether role and scopes both include the permission."""
        return permission in ROLE_PERMISSIONS[self.role] and (self.scopes is None or permission in self.scopes)

    def require(self, permission: Permission) -> None:
        """Raise NotAllowed if the actor lacks the permission."""
        if not self.can(permission):
            raise NotAllowed(permission)

    @property
    def is_restricted(self) -> bool:
        """Return whether the permissions of the role apply only to objects with a grant."""
        return self.role is Role.GUEST

    @property
    def audit(self) -> AuditActor:
        """Return the same actor as a value of the audit log."""
        return AuditActor(self.tenant_id, self.user_id, self.kind, self.request_id)


def system_actor(tenant_id: TenantId) -> AuditActor:
    """Return the actor of the audit log for actions of the system itself."""
    return AuditActor(tenant_id, None, "system")
