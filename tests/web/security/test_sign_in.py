"""Sign-in page: no account enumeration, limited attempts, no open redirect."""

import pytest
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from pytest_django import DjangoCaptureOnCommitCallbacks

from refinery.core.audit.models import AuditEvent
from refinery.core.audit.verification import verify_log
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.credentials import PLATFORM_LOG
from refinery.core.tenancy.roles import Role
from refinery.core.tenancy.sign_in_attempts import SIGN_IN_LIMITS
from refinery.core.types import TenantId
from tests.support.factories.tenants import PASSWORD, TenantFixture, add_person, make_tenant

pytestmark = pytest.mark.django_db
WRONG_PASSWORD = "not the passphrase"


def sign_in(client: Client, email: str, password: str, **more: str) -> tuple[int, str]:
    """Post the form; return status and text."""
    response = client.post("/sign-in/", {"username": email, "password": password, **more})
    return response.status_code, response.content.decode()


def audit_actions(tenant: TenantFixture) -> list[str]:
    """Return the actions in the tenant's audit log."""
    with tenant_scope(tenant.tenant_id):
        return list(AuditEvent.objects.order_by("id").values_list("action", flat=True))


def test_sign_in_with_right_password_opens_audited_session(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """The session is new and belongs to the person's tenant."""
    tenant, client = make_tenant(), Client()
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/sign-in/", {"username": "Reviewer@acme.example", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["tenant"] == str(tenant.tenant_id)
    assert audit_actions(tenant)[-1] == "session.opened"


def test_sign_in_unknown_account_and_wrong_password_look_alike() -> None:
    """Same status, same page except for the entered address (B08)."""
    tenant = make_tenant()
    known, unknown = tenant.user(Role.VIEWER).email, "nobody00@acme.example"
    first, second = (sign_in(Client(), email, WRONG_PASSWORD) for email in (known, unknown))
    assert first[0] == second[0] == 422
    assert PASSWORD not in first[1]
    assert _stripped(first[1], known) == _stripped(second[1], unknown)


def _stripped(page: str, email: str) -> list[str]:
    return [line.replace(email, "") for line in page.splitlines() if "csrf" not in line]


def test_sign_in_attempts_are_limited_for_known_and_unknown_accounts() -> None:
    """The limit counts both, reports when it ends, and meanwhile refuses even the correct password."""
    email = make_tenant().user(Role.VIEWER).email
    for address in (email, "nobody@acme.example"):
        answers = [
            sign_in(Client(), address, WRONG_PASSWORD)[0] for _ in range(SIGN_IN_LIMITS.account_from_address + 1)
        ]
        assert answers == [422] * SIGN_IN_LIMITS.account_from_address + [429]
    response = Client().post("/sign-in/", {"username": email, "password": PASSWORD})
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 900


def test_sign_in_distributed_attack_is_limited_without_locking_owner() -> None:
    """Below the account's limit, another network address can still sign in."""
    email = make_tenant().user(Role.VIEWER).email
    for number in range(SIGN_IN_LIMITS.account_from_address + 1):
        Client(REMOTE_ADDR=f"198.51.100.{number}").post("/sign-in/", {"username": email, "password": WRONG_PASSWORD})
    assert sign_in(Client(REMOTE_ADDR="203.0.113.9"), email, PASSWORD)[0] == 302
    for number in range(SIGN_IN_LIMITS.account + 1):
        Client(REMOTE_ADDR=f"198.51.100.{number}").post("/sign-in/", {"username": email, "password": WRONG_PASSWORD})
    assert sign_in(Client(REMOTE_ADDR="203.0.113.10"), email, PASSWORD)[0] == 429


def refusals(tenant_id: TenantId) -> list[tuple[str, object]]:
    """Return action and user of the refused attempts in a log."""
    with tenant_scope(tenant_id):
        found = AuditEvent.objects.filter(action__in=["session.refused", "session.blocked"]).order_by("id")
        return list(found.values_list("action", "object_id"))


@pytest.mark.parametrize("by", ["page", "api"])
def test_sign_in_failures_are_audited_once_beyond_limit(by: str) -> None:
    """In the log of the person's tenant, or in the platform's for an unknown account; a flood adds one event."""
    tenant = make_tenant()
    person = tenant.user(Role.VIEWER)
    path, name = ("/sign-in/", "username") if by == "page" else ("/v1/tokens", "email")
    for email in (person.email.upper(), "nobody@acme.example"):
        for _ in range(SIGN_IN_LIMITS.account_from_address + 3):
            body = {name: email, "password": WRONG_PASSWORD}
            Client().post(path, body, content_type=MULTIPART_CONTENT if by == "page" else "application/json")
    expected = ["session.refused"] * SIGN_IN_LIMITS.account_from_address + ["session.blocked"]
    assert refusals(tenant.tenant_id) == [(action, person.pk) for action in expected]
    assert refusals(PLATFORM_LOG) == [(action, None) for action in expected]
    with tenant_scope(tenant.tenant_id):
        assert verify_log(tenant.tenant_id).first_finding is None
        assert "127.0.0.1" not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_sign_in_failure_of_someone_who_is_signed_in_is_audited(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """Their transaction belongs to another tenant."""
    tenant, other = make_tenant("acme"), make_tenant("other")
    person = other.user(Role.VIEWER)
    with django_capture_on_commit_callbacks(execute=True):
        status, _ = sign_in(tenant.client(Role.VIEWER), person.email, WRONG_PASSWORD)
    assert status == 422
    assert refusals(other.tenant_id) == [("session.refused", person.pk)]


def test_sign_in_success_resets_failed_attempts() -> None:
    """Seven failures, a success, seven failures: the account is not locked."""
    email = make_tenant().user(Role.VIEWER).email
    for _ in range(2):
        for _ in range(SIGN_IN_LIMITS.account_from_address - 1):
            assert sign_in(Client(), email, WRONG_PASSWORD)[0] == 422
        assert sign_in(Client(), email, PASSWORD)[0] == 302


@pytest.mark.parametrize(
    "following",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:evil.example"],
)
def test_sign_in_redirect_to_other_site_is_ignored(following: str) -> None:
    """An open redirect leads to the start page instead (B13)."""
    email = make_tenant().user(Role.VIEWER).email
    response = Client().post("/sign-in/", {"username": email, "password": PASSWORD, "next": following})
    assert response["Location"] == "/"


def test_sign_in_redirect_within_site_is_followed() -> None:
    """The query is kept."""
    email = make_tenant().user(Role.VIEWER).email
    response = Client().post("/sign-in/", {"username": email, "password": PASSWORD, "next": "/documents/?q=a"})
    assert response["Location"] == "/documents/?q=a"


def test_sign_in_sign_out_and_switch_require_csrf_token() -> None:
    """Signing in, signing out and switching need a CSRF token (B05)."""
    tenant = make_tenant()
    for path in ("/sign-in/", "/sign-out/", "/switch-tenant/"):
        client = tenant.client(Role.VIEWER)
        client.handler.enforce_csrf_checks = True
        assert client.post(path, {}).status_code == 403, path


def test_sign_out_ends_session_for_every_cookie() -> None:
    """The session row is deleted; only POST signs out."""
    tenant = make_tenant()
    client = tenant.client(Role.VIEWER)
    stolen = client.cookies["sessionid"].value
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 302
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert thief.post("/switch-tenant/", {}, HTTP_ACCEPT="application/json").status_code == 401
    assert audit_actions(tenant)[-1] == "session.closed"


def test_switch_tenant_requires_membership_and_is_audited_in_both(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """A tenant without membership is not found."""
    acme, other, foreign = make_tenant("acme"), make_tenant("other"), make_tenant("foreign")
    person = add_person(acme, "both@example.org", Role.VIEWER)
    other_membership = add_person(other, "second@example.org", Role.MANAGER).memberships
    with tenant_scope(other.tenant_id):
        other_membership.update(user=person)
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/switch-tenant/", {"tenant": foreign.tenant_id}).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/switch-tenant/", {"tenant": other.tenant_id, "next": "//evil.example"})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["tenant"] == str(other.tenant_id)
    assert (audit_actions(acme)[-1], audit_actions(other)[-1]) == ("session.left", "session.entered")


def test_super_admin_enters_one_tenant_at_a_time_and_is_audited(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """Platform staff are recorded in the tenant's audit log."""
    acme, other = make_tenant("acme"), make_tenant("other")
    client = acme.client(Role.SUPER_ADMIN)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/switch-tenant/", {"tenant": other.tenant_id}).status_code == 302
    with tenant_scope(other.tenant_id):
        event = AuditEvent.objects.latest("id")
    assert (event.action, event.detail) == ("session.entered", {"role": "super_admin", "platform": True})


def test_sign_in_suspension_is_reported_after_right_password_only() -> None:
    """With a wrong password the response is the usual one."""
    tenant = make_tenant()
    email = tenant.user(Role.ORG_ADMIN).email
    tenant.suspend()
    assert sign_in(Client(), email, WRONG_PASSWORD)[0] == 422
    assert sign_in(Client(), email, PASSWORD)[0] == 403
