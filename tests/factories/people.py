"""Tenants with a person for every role, and clients that act as them."""

from dataclasses import dataclass, field
from datetime import datetime

from django.test import Client

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.authentication import actor_of_user
from refinery.core.tenancy.models import Team, TeamMembership, Tenant, TenantStatus, User
from refinery.core.tenancy.roles import Role, Verb
from refinery.core.tenancy.services import NewKey, add_member, create_api_key, create_tenant, user_id_of
from refinery.core.types import TenantId

PASSWORD = "a long enough passphrase"
MEMBER_ROLES = [role for role in Role if role is not Role.SUPER_ADMIN]


@dataclass(frozen=True, slots=True)
class House:
    """A tenant and its people, by role; each of them is `<role>@<slug>.example` with PASSWORD."""

    tenant_id: TenantId
    slug: str
    users: dict[Role, User] = field(default_factory=dict)

    def user(self, role: Role) -> User:
        """Give the person of a role."""
        return self.users[role]

    def actor(self, role: Role) -> Actor:
        """Give the person of a role as an actor within this tenant; a super_admin is made on first use."""
        if role is Role.SUPER_ADMIN and role not in self.users:
            self.users[role] = User.objects.create_superuser(f"platform@{self.slug}.example", PASSWORD)
        user = self.users[role]
        actor = actor_of_user(user_id_of(user), str(self.tenant_id), user.name)
        if actor is None:
            message = f"{role} has no place in {self.slug}"
            raise LookupError(message)
        return actor

    def client(self, role: Role) -> Client:
        """Give a browser in which the person of a role is signed in to this tenant."""
        actor = self.actor(role)
        client = Client()
        client.force_login(self.users[role], backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session["tenant"] = str(actor.tenant_id)
        session.save()
        return client

    def key(self, role: Role, *, scopes: list[Verb] | None = None, expires_at: datetime | None = None) -> NewKey:
        """Give a fresh API key of a role."""
        return create_api_key(
            actor=None,
            tenant_id=self.tenant_id,
            name=f"{role} program",
            role=role,
            scopes=scopes,
            expires_at=expires_at,
        )

    def api(self, role: Role, *, scopes: list[Verb] | None = None) -> Client:
        """Give a client that sends an API key of a role."""
        return Client(headers={"Authorization": f"Bearer {self.key(role, scopes=scopes).key}"})

    def suspend(self) -> None:
        """Suspend the tenant."""
        with tenant_scope(self.tenant_id):
            Tenant.objects.filter(pk=self.tenant_id).update(status=TenantStatus.SUSPENDED)


def make_house(slug: str = "acme", *, roles: list[Role] | None = None) -> House:
    """Make a tenant with one person for each role (all but super_admin unless named)."""
    house = House(create_tenant(slug=slug, name=slug.title()), slug)
    for role in roles if roles is not None else MEMBER_ROLES:
        user = User.objects.create_user(f"{role}@{slug}.example", PASSWORD, name=f"{slug.title()} {role}")
        house.users[role] = user
        add_member(actor=None, tenant_id=house.tenant_id, user=user, role=role)
    return house


def add_person(house: House, email: str, role: Role) -> User:
    """Make one more person of a role; they do not replace the one that the house holds for it."""
    user = User.objects.create_user(email, PASSWORD, name=email.partition("@")[0])
    add_member(actor=None, tenant_id=house.tenant_id, user=user, role=role)
    return user


def make_team(house: House, name: str, *members: Role) -> Team:
    """Make a team of the people of some roles."""
    with tenant_scope(house.tenant_id):
        team = Team.objects.create(tenant_id=house.tenant_id, name=name)
        for role in members:
            TeamMembership.objects.create(
                tenant_id=house.tenant_id, team=team, membership=house.users[role].memberships.get()
            )
    return team


def client_for(role: Role, slug: str = "acme") -> Client:
    """Make a tenant and give a browser of one of its people: for tests that need no more."""
    return make_house(slug, roles=[] if role is Role.SUPER_ADMIN else [role]).client(role)
