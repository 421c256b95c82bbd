"""A suspended tenant is shut out at its next request, by every credential, and let in again whole."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import Team
from refinery.core.tenancy.roles import Role
from refinery.core.tenancy.suspension import resume_tenant, suspend_tenant
from refinery.core.tenancy.tickets import issue_ticket
from tests.factories.people import PASSWORD, House, make_house, make_team

pytestmark = pytest.mark.django_db


def run(name: str, slug: str) -> str:
    """Run a command as an operator does; what it says."""
    said = StringIO()
    call_command(name, slug, stdout=said)
    return said.getvalue().strip()


def tokens_of(house: House) -> dict[str, str]:
    """Sign a program in by a person's credentials."""
    body = {"email": house.user(Role.VIEWER).email, "password": PASSWORD}
    pair: dict[str, str] = Client().post("/v1/tokens", body, content_type="application/json").json()
    return pair


def actions(house: House) -> list[str]:
    """List what the audit log has about the tenant itself."""
    with tenant_scope(house.tenant_id):
        rows = AuditEvent.objects.filter(object_type="tenant").order_by("id")
        return list(rows.values_list("action", flat=True))


def test_every_credential_is_refused_at_once_and_works_again_after() -> None:
    """A session, a key, an access token and a ticket that were good a moment ago; a neighbour notices nothing."""
    house, neighbour = make_house("acme"), make_house("neighbour")
    token = tokens_of(house)["access"]
    ticket = issue_ticket(house.actor(Role.VIEWER))
    bearers = [
        house.client(Role.VIEWER),
        house.api(Role.VIEWER),
        Client(headers={"Authorization": f"Bearer {token}"}),
    ]

    def statuses() -> list[int]:
        looked = [client.get("/v1/documents").status_code for client in bearers]
        return [*looked, Client().get(f"/v1/documents?token={ticket}").status_code]

    assert statuses() == [200] * 4
    assert suspend_tenant(tenant_id=house.tenant_id)
    assert statuses() == [401] * 4
    assert bearers[0].get("/documents/").status_code == 302
    assert neighbour.api(Role.VIEWER).get("/v1/documents").status_code == 200
    assert resume_tenant(tenant_id=house.tenant_id)
    assert statuses() == [200] * 4


def test_no_new_credential_is_given_out_meanwhile() -> None:
    """Neither for a password nor for a refresh token; the refresh token is good again afterwards."""
    house = make_house()
    pair = tokens_of(house)
    suspend_tenant(tenant_id=house.tenant_id)
    assert "access" not in tokens_of(house)

    def refreshed() -> int:
        body = {"refresh": pair["refresh"]}
        return Client().post("/v1/tokens/refresh", body, content_type="application/json").status_code

    assert refreshed() == 401
    resume_tenant(tenant_id=house.tenant_id)
    assert refreshed() == 200


def test_a_super_admin_works_elsewhere_meanwhile() -> None:
    """The platform's people are not shut out of the others."""
    make_house("neighbour")
    house = make_house("acme")
    client = house.client(Role.SUPER_ADMIN)
    suspend_tenant(tenant_id=house.tenant_id)
    answer = client.get("/")
    assert answer.status_code == 200
    assert b"Neighbour" in answer.content


def test_both_commands_say_what_became_of_it_and_are_told_in_the_log_once() -> None:
    """A repeat changes nothing; the data stays as it was."""
    house = make_house("acme")
    team = make_team(house, "Night", Role.VIEWER)
    assert run("suspend_tenant", "acme") == "tenant acme is now suspended"
    assert run("suspend_tenant", "acme") == "tenant acme was already suspended"
    assert run("resume_tenant", "acme") == "tenant acme is now active"
    assert run("resume_tenant", "acme") == "tenant acme was already active"
    assert actions(house) == ["tenant.created", "tenant.suspended", "tenant.resumed"]
    with tenant_scope(house.tenant_id):
        assert Team.objects.get() == team


@pytest.mark.parametrize("name", ["suspend_tenant", "resume_tenant"])
def test_a_tenant_that_is_not_there(name: str) -> None:
    """It is said which."""
    with pytest.raises(CommandError, match="there is no tenant 'nobody'"):
        run(name, "nobody")
