"""Factories of tenants with one person per role, and clients that act as them."""

from dataclasses import dataclass, field
from datetime import datetime

from django.test import Client

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.authentication import actor_of_user
from refinery.core.tenancy.models import Team, TeamMembership, Tenant, TenantStatus, User
from refinery.core.tenancy.roles import Permission, Role
from refinery.core.tenancy.services import NewApiKey, add_member, create_api_key, create_tenant, user_id_of
from refinery.core.types import TenantId

PASSWORD = "a long enough passphrase"
MEMBER_ROLES = [role for role in Role if role is not Role.SUPER_ADMIN]


@dataclass(frozen=True, slots=True)
class TenantFixture:
    """Tenant with its people by role; each is `<role>@<slug>.example` with PASSWORD."""

    tenant_id: TenantId
    slug: str
    users: dict[Role, User] = field(default_factory=dict)

    def user(self, role: Role) -> User:
        """Return the person with the role."""
        return self.users[role]

    def actor(self, role: Role) -> Actor:
        """Return the person with the role as an actor in this tenant; a super_admin is created on first use."""
        if role is Role.SUPER_ADMIN and role not in self.users:
            self.users[role] = User.objects.create_superuser(f"platform@{self.slug}.example", PASSWORD)
        user = self.users[role]
        actor = actor_of_user(user_id_of(user), str(self.tenant_id), user.name)
        if actor is None:
            message = f"{role} has no place in {self.slug}"
            raise LookupError(message)
        return actor

    def client(self, role: Role) -> Client:
        """Return a browser client signed in to this tenant as the person with the role."""
        actor = self.actor(role)
        client = Client()
        client.force_login(self.users[role], backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session["tenant"] = str(actor.tenant_id)
        session.save()
        return client

    def create_key(
        self, role: Role, *, scopes: list[Permission] | None = None, expires_at: datetime | None = None
    ) -> NewApiKey:
        """Create an API key with the role."""
        return create_api_key(
            actor=None,
            tenant_id=self.tenant_id,
            name=f"{role} program",
            role=role,
            scopes=scopes,
            expires_at=expires_at,
        )

    def api(self, role: Role, *, scopes: list[Permission] | None = None) -> Client:
        """Return a client that sends an API key with the role."""
        return Client(headers={"Authorization": f"Bearer {self.create_key(role, scopes=scopes).key}"})

    def suspend(self) -> None:
        """Suspend the tenant."""
        with tenant_scope(self.tenant_id):
            Tenant.objects.filter(pk=self.tenant_id).update(status=TenantStatus.SUSPENDED)


def make_tenant(slug: str = "acme", *, roles: list[Role] | None = None) -> TenantFixture:
    """Create a tenant with one person for each role (all but super_admin unless named)."""
    tenant = TenantFixture(create_tenant(slug=slug, name=slug.title()), slug)
    for role in roles if roles is not None else MEMBER_ROLES:
        user = User.objects.create_user(f"{role}@{slug}.example", PASSWORD, name=f"{slug.title()} {role}")
        tenant.users[role] = user
        add_member(actor=None, tenant_id=tenant.tenant_id, user=user, role=role)
    return tenant


def add_person(tenant: TenantFixture, email: str, role: Role) -> User:
    """Create one more person with a role, in addition to the one in `users`."""
    user = User.objects.create_user(email, PASSWORD, name=email.partition("@")[0])
    add_member(actor=None, tenant_id=tenant.tenant_id, user=user, role=role)
    return user


def make_team(tenant: TenantFixture, name: str, *members: Role) -> Team:
    """Create a team of the people with the roles."""
    with tenant_scope(tenant.tenant_id):
        team = Team.objects.create(tenant_id=tenant.tenant_id, name=name)
        for role in members:
            TeamMembership.objects.create(
                tenant_id=tenant.tenant_id, team=team, membership=tenant.users[role].memberships.get()
            )
    return team


def client_for(role: Role, slug: str = "acme") -> Client:
    """Create a tenant and return a browser client for one of its people, for tests that need nothing else."""
    return make_tenant(slug, roles=[] if role is Role.SUPER_ADMIN else [role]).client(role)
