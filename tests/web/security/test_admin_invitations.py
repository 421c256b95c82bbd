"""Invitations on the admin site: copied, created again, revoked."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.invitations import AlreadyJoined, invite, revoke_invitation
from refinery.core.tenancy.models import Membership, User
from refinery.core.tenancy.roles import Role
from tests.support.factories.tenants import PASSWORD, TenantFixture, make_tenant
from tests.web.security.test_admin import admin_url, last_action, offers_password

pytestmark = pytest.mark.django_db
EMAIL = "new+1@example.org"


def invited(tenant: TenantFixture, email: str = EMAIL) -> tuple[Membership, str]:
    """Invite a person; return the membership and the path of the link."""
    made = invite(actor=tenant.actor(Role.ORG_ADMIN), email=email, role=Role.VIEWER)
    with tenant_scope(tenant.tenant_id):
        return Membership.objects.get(pk=made.membership_id), made.path


def act(client: Client, row: Membership, name: str) -> tuple[int, str]:
    """Post an action on a member; return status and text."""
    answer = client.post(admin_url(Membership, "row_action", row.pk, name))
    return answer.status_code, answer.content.decode()


def test_invitation_page_offers_to_copy_and_to_mail_the_link() -> None:
    """The mail is written by the administrator's own program; the link is in no cookie."""
    client = make_tenant().client(Role.ORG_ADMIN)
    answer = client.post(admin_url(Membership, "add"), {"email": EMAIL, "role": "viewer"})
    text = answer.content.decode()
    link = re.search(r'data-testid="invitation-link"[^>]*>(http://testserver/join/[^<]+)<', text)
    assert link is not None
    assert f'href="mailto:{EMAIL}?subject=' in text
    assert "navigator.clipboard" in text
    assert link[1] not in str(answer.cookies) + str(dict(client.session))
    assert "no-store" in answer["Cache-Control"]


def test_pending_invitation_is_created_again() -> None:
    """From the member's page, which offers it only before the first sign-in."""
    tenant = make_tenant()
    client = tenant.client(Role.ORG_ADMIN)
    row, _link = invited(tenant)
    assert "action/invite_again/" in client.get(admin_url(Membership, "change", row.pk)).content.decode()
    status, text = act(client, row, "invite_again")
    link = re.search(r"http://testserver(/join/[\w-]+/[\w-]+/)", text)
    assert status == 200
    assert link is not None
    assert offers_password(link[1])
    assert last_action(tenant) == "member.invited_again"


def test_revoked_invitation_ends_link_and_membership() -> None:
    """The person cannot choose a password any more, and is no member; a new invitation works."""
    tenant = make_tenant()
    client = tenant.client(Role.ORG_ADMIN)
    row, link = invited(tenant)
    assert act(client, row, "revoke")[0] == 302
    assert last_action(tenant) == "member.invitation_revoked"
    assert not offers_password(link)
    with tenant_scope(tenant.tenant_id):
        row.refresh_from_db()
    assert not row.is_active
    assert act(client, row, "revoke")[0] == 404
    assert act(client, row, "invite_again")[0] == 404


def test_revoked_invitation_touches_no_account_of_another_tenant() -> None:
    """An unopened account that another tenant invited keeps its link."""
    first, second = make_tenant("acme"), make_tenant("other")
    _row, link = invited(first)
    row, _link = invited(second)
    assert act(second.client(Role.ORG_ADMIN), row, "revoke")[0] == 302
    assert offers_password(link)
    with tenant_scope(first.tenant_id):
        assert Membership.objects.get(user__email=EMAIL).is_active


def test_member_who_signed_in_is_not_revoked(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """Neither by the page nor by the service; the list says who has signed in."""
    tenant = make_tenant()
    client = tenant.client(Role.ORG_ADMIN)
    row, _link = invited(tenant)
    user = User.objects.get(email=EMAIL)
    user.set_password(PASSWORD)
    user.save()
    with django_capture_on_commit_callbacks(execute=True):
        assert Client().post("/sign-in/", {"username": EMAIL, "password": PASSWORD}).status_code == 302
    assert "action/" not in client.get(admin_url(Membership, "change", row.pk)).content.decode()
    assert act(client, row, "revoke")[0] == 404
    with pytest.raises(AlreadyJoined):
        revoke_invitation(actor=tenant.actor(Role.ORG_ADMIN), membership_id=row.pk)


def test_sign_in_elsewhere_is_not_revealed() -> None:
    """A member of another tenant looks like anybody who has not signed in here."""
    tenant, other = make_tenant("acme"), make_tenant("other")
    old = other.user(Role.VIEWER)
    assert Client().post("/sign-in/", {"username": old.email, "password": PASSWORD}).status_code == 302
    row, _link = invited(tenant, old.email)
    client = tenant.client(Role.ORG_ADMIN)
    assert "action/revoke/" in client.get(admin_url(Membership, "change", row.pk)).content.decode()
    assert act(client, row, "revoke")[0] == 302
    assert User.objects.get(pk=old.pk).password == old.password


def test_invitations_of_another_tenant_are_not_found() -> None:
    """Nor may a manager touch one's own."""
    tenant, other = make_tenant("acme"), make_tenant("other")
    row, _link = invited(other)
    for name in ("invite_again", "revoke"):
        assert act(tenant.client(Role.ORG_ADMIN), row, name)[0] == 404
        assert act(other.client(Role.MANAGER), row, name)[0] == 403
