"""Every user changes their own password; other sessions and tokens end with it."""

import pytest
from django.test import Client

from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.invitations import invite
from refinery.core.tenancy.models import User
from refinery.core.tenancy.roles import Role
from tests.support.factories.tenants import PASSWORD, TenantFixture, make_tenant

pytestmark = pytest.mark.django_db
NEW = "another long passphrase"
JSON = "application/json"


def form(**changed: str) -> dict[str, str]:
    """Return the form data with the right present password."""
    return {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW, **changed}


def audited(tenant: TenantFixture, action: str) -> list[object]:
    """Return who did this, from the tenant's log."""
    with tenant_scope(tenant.tenant_id):
        return list(AuditEvent.objects.filter(action=action).values_list("actor_id", flat=True))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER, Role.ORG_ADMIN])
def test_own_password_is_changed_and_other_sessions_end(role: Role) -> None:
    """The menu of every page leads to the form; the session that changed it goes on."""
    tenant = make_tenant()
    here, elsewhere = tenant.client(role), tenant.client(role)
    pair = (
        Client().post("/v1/tokens", {"email": tenant.user(role).email, "password": PASSWORD}, content_type=JSON).json()
    )
    assert 'href="/password/"' in here.get("/documents/").content.decode()
    assert here.get("/password/").status_code == 200
    assert here.post("/password/", form()).status_code == 302
    assert here.get("/documents/").status_code == 200
    assert elsewhere.get("/documents/").status_code == 302
    assert Client().post("/v1/tokens/refresh", {"refresh": pair["refresh"]}, content_type=JSON).status_code == 401
    user = User.objects.get(pk=tenant.user(role).pk)
    assert user.check_password(NEW)
    assert audited(tenant, "password.changed") == [user.pk]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"old_password": "wrong"}, "entered incorrectly"),
        ({"new_password2": "something else here"}, "match"),
        ({"new_password1": "short", "new_password2": "short"}, "too short"),
        ({"new_password1": "password1234", "new_password2": "password1234"}, "too common"),
    ],
)
def test_own_password_with_wrong_values_stays(changed: dict[str, str], said: str) -> None:
    """The reason is shown at the field, and nothing is written."""
    tenant = make_tenant()
    answer = tenant.client(Role.VIEWER).post("/password/", form(**changed))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert User.objects.get(pk=tenant.user(Role.VIEWER).pk).check_password(PASSWORD)
    assert audited(tenant, "password.changed") == []


def test_guesses_of_the_present_password_are_limited() -> None:
    """A stolen session does not find it out: in the end even the right one is refused."""
    tenant = make_tenant()
    client = tenant.client(Role.VIEWER)
    for _ in range(12):
        client.post("/password/", form(old_password="wrong"))
    answer = client.post("/password/", form())
    assert "Too many attempts" in answer.content.decode()
    assert User.objects.get(pk=tenant.user(Role.VIEWER).pk).check_password(PASSWORD)


def test_password_page_needs_a_session() -> None:
    """Neither nobody nor an API key has a password."""
    assert Client().get("/password/")["Location"] == "/sign-in/?next=%2Fpassword%2F"
    assert make_tenant().api(Role.ORG_ADMIN).get("/password/").status_code == 403


def test_admin_password_page_leads_to_the_audited_one() -> None:
    """Django's own would change a password without an entry in the log."""
    client = make_tenant().client(Role.ORG_ADMIN)
    for answer in (client.get("/admin/password_change/"), client.post("/admin/password_change/", form())):
        assert (answer.status_code, answer["Location"]) == (302, "/password/")


def test_chosen_password_of_a_new_member_is_audited() -> None:
    """In the tenant that invited them."""
    tenant = make_tenant()
    link = invite(actor=tenant.actor(Role.ORG_ADMIN), email="new@example.org", role=Role.VIEWER).path
    visitor = Client()
    place = visitor.get(link, follow=True).request["PATH_INFO"]
    assert visitor.post(place, {"new_password1": NEW, "new_password2": NEW}).status_code == 302
    assert audited(tenant, "password.chosen") == [User.objects.get(email="new@example.org").pk]
