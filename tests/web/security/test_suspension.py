"""Suspension: every credential of the tenant is refused at its next request and works again after resuming."""

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
from tests.support.factories.tenants import PASSWORD, TenantFixture, make_team, make_tenant

pytestmark = pytest.mark.django_db


def run_command(name: str, slug: str) -> str:
    """Run a management command and return its output."""
    said = StringIO()
    call_command(name, slug, stdout=said)
    return said.getvalue().strip()


def tokens_of(tenant: TenantFixture) -> dict[str, str]:
    """Request tokens with a person's credentials."""
    body = {"email": tenant.user(Role.VIEWER).email, "password": PASSWORD}
    pair: dict[str, str] = Client().post("/v1/tokens", body, content_type="application/json").json()
    return pair


def audit_actions(tenant: TenantFixture) -> list[str]:
    """Return the audit actions about the tenant itself."""
    with tenant_scope(tenant.tenant_id):
        rows = AuditEvent.objects.filter(object_type="tenant").order_by("id")
        return list(rows.values_list("action", flat=True))


def test_suspension_refuses_every_credential_until_resumed() -> None:
    """Session, key, access token and ticket that worked before are refused; another tenant is unaffected."""
    tenant, neighbour = make_tenant("acme"), make_tenant("neighbour")
    token = tokens_of(tenant)["access"]
    ticket = issue_ticket(tenant.actor(Role.VIEWER))
    bearers = [
        tenant.client(Role.VIEWER),
        tenant.api(Role.VIEWER),
        Client(headers={"Authorization": f"Bearer {token}"}),
    ]

    def statuses() -> list[int]:
        looked = [client.get("/v1/documents").status_code for client in bearers]
        return [*looked, Client().get(f"/v1/documents?token={ticket}").status_code]

    assert statuses() == [200] * 4
    assert suspend_tenant(tenant_id=tenant.tenant_id)
    assert statuses() == [401] * 4
    assert bearers[0].get("/documents/").status_code == 302
    assert neighbour.api(Role.VIEWER).get("/v1/documents").status_code == 200
    assert resume_tenant(tenant_id=tenant.tenant_id)
    assert statuses() == [200] * 4


def test_suspension_issues_no_new_credentials() -> None:
    """Neither for a password nor for a refresh token; the refresh token works again afterwards."""
    tenant = make_tenant()
    pair = tokens_of(tenant)
    suspend_tenant(tenant_id=tenant.tenant_id)
    assert "access" not in tokens_of(tenant)

    def refreshed() -> int:
        body = {"refresh": pair["refresh"]}
        return Client().post("/v1/tokens/refresh", body, content_type="application/json").status_code

    assert refreshed() == 401
    resume_tenant(tenant_id=tenant.tenant_id)
    assert refreshed() == 200


def test_suspension_lets_super_admin_work_elsewhere() -> None:
    """Platform staff can still enter other tenants."""
    make_tenant("neighbour")
    tenant = make_tenant("acme")
    client = tenant.client(Role.SUPER_ADMIN)
    suspend_tenant(tenant_id=tenant.tenant_id)
    answer = client.get("/")
    assert answer.status_code == 200
    assert b"Neighbour" in answer.content


def test_suspend_and_resume_commands_report_and_audit_once() -> None:
    """A repetition changes nothing; the data is unchanged."""
    tenant = make_tenant("acme")
    team = make_team(tenant, "Night", Role.VIEWER)
    assert run_command("suspend_tenant", "acme") == "tenant acme is now suspended"
    assert run_command("suspend_tenant", "acme") == "tenant acme was already suspended"
    assert run_command("resume_tenant", "acme") == "tenant acme is now active"
    assert run_command("resume_tenant", "acme") == "tenant acme was already active"
    assert audit_actions(tenant) == ["tenant.created", "tenant.suspended", "tenant.resumed"]
    with tenant_scope(tenant.tenant_id):
        assert Team.objects.get() == team


@pytest.mark.parametrize("name", ["suspend_tenant", "resume_tenant"])
def test_suspend_unknown_tenant_is_refused(name: str) -> None:
    """The message contains the name."""
    with pytest.raises(CommandError, match="there is no tenant 'nobody'"):
        run_command(name, "nobody")
