"""Who acts: a value made once a request, from a session, a key or a token."""

from dataclasses import dataclass
from uuid import UUID

from refinery.core.audit.services import AuditActor
from refinery.core.tenancy.roles import ROLE_VERBS, Role, Verb
from refinery.core.types import TenantId, UserId


class NotAllowed(Exception):
    """The actor's role or scopes do not hold this verb: 403 within a tenant."""

    def __init__(self, verb: Verb) -> None:
        """Keep the verb for the problem's text."""
        super().__init__(f"this needs the right {verb}")
        self.verb = verb


@dataclass(frozen=True, slots=True)
class Actor:
    """A user or a service within one tenant. `scopes` of None means all that the role allows."""

    user_id: UserId
    tenant_id: TenantId
    role: Role
    name: str = ""
    kind: str = "user"  # user | service
    team_ids: tuple[UUID, ...] = ()
    scopes: frozenset[Verb] | None = None
    key_id: UUID | None = None
    request_id: str = ""

    def can(self, verb: Verb) -> bool:
        """Tell whether role and scopes both hold the verb."""
        return verb in ROLE_VERBS[self.role] and (self.scopes is None or verb in self.scopes)

    def require(self, verb: Verb) -> None:
        """Raise NotAllowed unless the actor can."""
        if not self.can(verb):
            raise NotAllowed(verb)

    @property
    def audit(self) -> AuditActor:
        """The same person, as the audit log knows them."""
        return AuditActor(self.tenant_id, self.user_id, self.kind, self.request_id)


def system(tenant_id: TenantId) -> AuditActor:
    """The engine itself, as the audit log knows it."""
    return AuditActor(tenant_id, None, "system")
