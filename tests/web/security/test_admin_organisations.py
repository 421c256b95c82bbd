"""Organisations on the admin site: a super_admin lists, creates, configures, suspends and resumes them."""

import re
from uuid import UUID

import pytest
from django.test import Client

from ingestion.models import Schema
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import current_tenant, outside_tenant, tenant_scope
from refinery.core.tenancy.models import Membership, Tenant, User
from refinery.core.tenancy.platform import tenant_by_slug, tenant_directory
from refinery.core.tenancy.roles import Role
from refinery.core.tenancy.services import user_id_of
from refinery.core.types import TenantId
from review.models import Queue
from tests.support.factories.tenants import PASSWORD, TenantFixture, make_tenant
from tests.web.security.test_admin import admin_url

pytestmark = pytest.mark.django_db
LIST = "/admin/tenancy/tenant/"
SETTINGS = {
    "name": "Beta",
    "review_below": 90,
    "reject_below": 10,
    "sla_seconds": 60,
    "reading_mode": "fast",
    "split_mode": "suggest",
    "split_separators": "NEW CASE",
    "max_file_bytes": 1000,
    "documents_per_day": 7,
    "requests_per_minute": 8,
}


def two_tenants() -> tuple[TenantFixture, TenantFixture, Client]:
    """Return two tenants and the platform's administrator, signed in to the first."""
    home, other = make_tenant("acme"), make_tenant("beta")
    return home, other, home.client(Role.SUPER_ADMIN)


def row_of(tenant: TenantFixture) -> Tenant:
    """Return the tenant's row."""
    with tenant_scope(tenant.tenant_id):
        return Tenant.objects.get()


def events_of(tenant_id: TenantId, *actions: str) -> list[tuple[str, UUID | None]]:
    """Return these events of a tenant's audit log, with who did it."""
    with tenant_scope(tenant_id):
        return list(AuditEvent.objects.filter(action__in=actions).order_by("id").values_list("action", "actor_id"))


def test_list_shows_all_organisations_to_super_admins_only() -> None:
    """Suspended ones too; it can be searched."""
    home, other, client = two_tenants()
    other.suspend()
    text = client.get(LIST).content.decode()
    assert all(f'data-testid="tenant:{slug}"' in text for slug in ("acme", "beta"))
    assert "suspended" in text
    found = client.get(LIST, {"q": "BET"}).content.decode()
    assert ('data-testid="tenant:beta"' in found, 'data-testid="tenant:acme"' in found) == (True, False)
    assert "beta" not in home.client(Role.ORG_ADMIN).get(LIST).content.decode().lower()


def test_directory_is_empty_for_everybody_else() -> None:
    """The database itself checks the person."""
    home, _other, _client = two_tenants()
    platform = home.user(Role.SUPER_ADMIN)
    assert [row.slug for row in tenant_directory(user_id_of(platform))] == ["acme", "beta"]
    assert tenant_directory(user_id_of(home.user(Role.ORG_ADMIN))) == ()
    User.objects.filter(pk=platform.pk).update(is_active=False)
    assert tenant_directory(user_id_of(platform)) == ()


def test_new_organisation_is_ready_and_its_administrator_invited() -> None:
    """It has schemas and queues; the link chooses a password; the log names the super_admin."""
    home, _other, client = two_tenants()
    assert client.get(LIST + "add/").status_code == 200
    form = {"name": "Gamma Ltd", "slug": "gamma", "email": "First@Gamma.example"}
    answer = client.post(LIST + "add/", form)
    link = re.search(r"http://testserver(/join/[\w-]+/[\w-]+/)", answer.content.decode())
    assert link is not None
    assert "no-store" in answer["Cache-Control"]
    made = tenant_by_slug("gamma")
    assert made is not None
    with tenant_scope(made):
        assert Tenant.objects.get().name == "Gamma Ltd"
        assert Schema.objects.exists()
        assert Queue.objects.exists()
        member = Membership.objects.select_related("user").get()
    assert (member.user.email, member.role) == ("first@gamma.example", "org_admin")
    assert events_of(made, "tenant.opened") == [("tenant.opened", home.user(Role.SUPER_ADMIN).pk)]
    visitor = Client()
    place = visitor.get(link[1], follow=True).request["PATH_INFO"]
    visitor.post(place, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    signed_in = visitor.post("/sign-in/", {"username": "first@gamma.example", "password": PASSWORD})
    assert signed_in["Location"] == "/"
    assert visitor.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"slug": "beta"}, "Another organisation has this short name."),
        ({"slug": "BETA"}, "Another organisation has this short name."),
        ({"slug": "two words"}, "slug"),
        ({"email": "nobody"}, "valid e"),
        ({"name": ""}, "required"),
    ],
)
def test_new_organisation_with_wrong_values_is_refused(changed: dict[str, str], said: str) -> None:
    """The reason is shown at the field, and nothing is created."""
    home, _other, client = two_tenants()
    form = {"name": "Gamma", "slug": "gamma", "email": "a@gamma.example", **changed}
    answer = client.post(LIST + "add/", form)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert len(tenant_directory(user_id_of(home.user(Role.SUPER_ADMIN)))) == 2


def test_super_admin_configures_another_organisation() -> None:
    """Limits included; the change is in that organisation's log, and the own one stays as it is."""
    home, other, client = two_tenants()
    change = admin_url(Tenant, "change", other.tenant_id)
    assert 'value="Beta"' in client.get(change).content.decode()
    assert client.post(change, SETTINGS).status_code == 302
    row = row_of(other)
    assert (row.review_below, row.documents_per_day, row.slug, row.status) == (90, 7, "beta", "active")
    assert row_of(home).review_below == 70
    platform = home.user(Role.SUPER_ADMIN).pk
    assert events_of(other.tenant_id, "tenant.changed") == [("tenant.changed", platform)]
    assert events_of(home.tenant_id, "tenant.changed") == []


def test_organisation_is_suspended_and_resumed() -> None:
    """Its people are rejected at once, and work again; both are in its log."""
    home, other, client = two_tenants()
    people = other.client(Role.VIEWER)
    assert "action/suspend/" in client.get(admin_url(Tenant, "change", other.tenant_id)).content.decode()
    assert people.get("/documents/").status_code == 200
    assert client.post(admin_url(Tenant, "row_action", other.tenant_id, "suspend")).status_code == 302
    assert people.get("/documents/").status_code == 302
    assert row_of(other).status == "suspended"
    shown = client.get(admin_url(Tenant, "change", other.tenant_id)).content.decode()
    assert ("action/resume/" in shown, "action/suspend/" in shown) == (True, False)
    assert client.post(admin_url(Tenant, "row_action", other.tenant_id, "resume")).status_code == 302
    assert people.get("/documents/").status_code == 200
    platform = home.user(Role.SUPER_ADMIN).pk
    done = [("tenant.suspended", platform), ("tenant.resumed", platform)]
    assert events_of(other.tenant_id, "tenant.suspended", "tenant.resumed") == done


def test_own_organisation_is_never_suspended() -> None:
    """Its author would be locked out."""
    home, _other, client = two_tenants()
    assert client.post(admin_url(Tenant, "row_action", home.tenant_id, "suspend")).status_code == 404
    assert row_of(home).status == "active"


def test_tenant_administrators_reach_no_other_organisation() -> None:
    """Neither pages nor actions; not even their own can be suspended by them."""
    home, other, _client = two_tenants()
    client = home.client(Role.ORG_ADMIN)
    assert client.get(admin_url(Tenant, "change", other.tenant_id)).status_code == 404
    assert client.post(admin_url(Tenant, "change", other.tenant_id), SETTINGS).status_code == 404
    assert client.get(LIST + "add/").status_code == 403
    assert client.post(LIST + "add/", {"name": "x", "slug": "x", "email": "x@x.example"}).status_code == 403
    for tenant in (home, other):
        assert client.post(admin_url(Tenant, "row_action", tenant.tenant_id, "suspend")).status_code == 404
        assert row_of(tenant).status == "active"


def test_row_action_needs_post_and_csrf_token() -> None:
    """A link or a foreign page changes nothing."""
    home, other, client = two_tenants()
    address = admin_url(Tenant, "row_action", other.tenant_id, "suspend")
    assert client.get(address).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(address).status_code == 403
    assert client.post(admin_url(Tenant, "row_action", UUID(int=5), "suspend")).status_code == 404
    assert client.post(admin_url(Tenant, "row_action", other.tenant_id, "delete_model")).status_code == 404
    assert row_of(other).status == "active"
    assert home.tenant_id != other.tenant_id


def test_outside_tenant_returns_to_the_tenant_after_a_fault() -> None:
    """The transaction goes on in its tenant."""
    home, other, _client = two_tenants()
    with tenant_scope(home.tenant_id):
        with pytest.raises(Tenant.DoesNotExist), outside_tenant(), tenant_scope(other.tenant_id):
            Tenant.objects.get(pk=home.tenant_id)
        assert current_tenant() == str(home.tenant_id)
        with outside_tenant():
            assert current_tenant() == ""
        assert current_tenant() == str(home.tenant_id)
