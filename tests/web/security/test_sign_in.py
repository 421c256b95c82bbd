"""Coming in by the page: no hint who exists, no endless guessing, no way to another site."""

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.tenancy.sign_in_attempts import LIMITS
from tests.factories.people import PASSWORD, House, add_person, make_house

pytestmark = pytest.mark.django_db
WRONG = "not the passphrase"


def send(client: Client, email: str, password: str, **more: str) -> tuple[int, str]:
    """Post the form; give status and text."""
    response = client.post("/sign-in/", {"username": email, "password": password, **more})
    return response.status_code, response.content.decode()


def actions(house: House) -> list[str]:
    """Give the tenant's audit log as actions."""
    with tenant_scope(house.tenant_id):
        return list(AuditEvent.objects.order_by("id").values_list("action", flat=True))


def test_the_right_password_opens_a_session_and_is_audited(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """The session is a new one, within the person's tenant."""
    house, client = make_house(), Client()
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/sign-in/", {"username": "Reviewer@acme.example", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["tenant"] == str(house.tenant_id)
    assert actions(house)[-1] == "session.opened"


def test_a_stranger_and_a_wrong_password_look_alike() -> None:
    """Same status, same page but for what was typed (B08)."""
    house = make_house()
    known, unknown = house.user(Role.VIEWER).email, "nobody00@acme.example"
    first, second = (send(Client(), email, WRONG) for email in (known, unknown))
    assert first[0] == second[0] == 422
    assert PASSWORD not in first[1]
    assert _stripped(first[1], known) == _stripped(second[1], unknown)


def _stripped(page: str, email: str) -> list[str]:
    return [line.replace(email, "") for line in page.splitlines() if "csrf" not in line]


def test_guessing_ends_for_accounts_that_exist_and_for_those_that_do_not() -> None:
    """The limit counts both, says when it ends, and refuses even the right password meanwhile."""
    email = make_house().user(Role.VIEWER).email
    for address in (email, "nobody@acme.example"):
        answers = [send(Client(), address, WRONG)[0] for _ in range(LIMITS.account_from_address + 1)]
        assert answers == [422] * LIMITS.account_from_address + [429]
    response = Client().post("/sign-in/", {"username": email, "password": PASSWORD})
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 900


def test_one_account_attacked_from_everywhere_is_limited_and_its_owner_elsewhere_is_not_counted() -> None:
    """Below the account's own limit another place still comes in."""
    email = make_house().user(Role.VIEWER).email
    for number in range(LIMITS.account_from_address + 1):
        Client(REMOTE_ADDR=f"198.51.100.{number}").post("/sign-in/", {"username": email, "password": WRONG})
    assert send(Client(REMOTE_ADDR="203.0.113.9"), email, PASSWORD)[0] == 302
    for number in range(LIMITS.account + 1):
        Client(REMOTE_ADDR=f"198.51.100.{number}").post("/sign-in/", {"username": email, "password": WRONG})
    assert send(Client(REMOTE_ADDR="203.0.113.10"), email, PASSWORD)[0] == 429


def test_a_success_forgives_the_typing_errors_before_it() -> None:
    """Seven errors, a success, seven errors: nobody is locked out."""
    email = make_house().user(Role.VIEWER).email
    for _ in range(2):
        for _ in range(LIMITS.account_from_address - 1):
            assert send(Client(), email, WRONG)[0] == 422
        assert send(Client(), email, PASSWORD)[0] == 302


@pytest.mark.parametrize(
    "following",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:evil.example"],
)
def test_another_site_is_never_where_it_goes_on(following: str) -> None:
    """An open redirect is answered with the start page (B13)."""
    email = make_house().user(Role.VIEWER).email
    response = Client().post("/sign-in/", {"username": email, "password": PASSWORD, "next": following})
    assert response["Location"] == "/"


def test_a_path_of_this_site_is_where_it_goes_on() -> None:
    """With its query."""
    email = make_house().user(Role.VIEWER).email
    response = Client().post("/sign-in/", {"username": email, "password": PASSWORD, "next": "/documents/?q=a"})
    assert response["Location"] == "/documents/?q=a"


def test_the_forms_need_their_token() -> None:
    """CSRF guards signing in, signing out and switching (B05)."""
    house = make_house()
    for path in ("/sign-in/", "/sign-out/", "/switch-tenant/"):
        client = house.client(Role.VIEWER)
        client.handler.enforce_csrf_checks = True
        assert client.post(path, {}).status_code == 403, path


def test_signing_out_ends_the_session_for_a_stolen_cookie_too() -> None:
    """The session's row is gone; only POST does it."""
    house = make_house()
    client = house.client(Role.VIEWER)
    stolen = client.cookies["sessionid"].value
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 302
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert thief.post("/switch-tenant/", {}, HTTP_ACCEPT="application/json").status_code == 401
    assert actions(house)[-1] == "session.closed"


def test_switching_is_a_move_between_ones_own_tenants_that_both_logs_tell_of(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """A tenant that one has no place in is not there."""
    acme, other, foreign = make_house("acme"), make_house("other"), make_house("foreign")
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
    assert (actions(acme)[-1], actions(other)[-1]) == ("session.left", "session.entered")


def test_a_super_admin_enters_any_tenant_one_at_a_time_and_the_log_marks_it(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """The platform's people leave their trace in the tenant's own log."""
    acme, other = make_house("acme"), make_house("other")
    client = acme.client(Role.SUPER_ADMIN)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/switch-tenant/", {"tenant": other.tenant_id}).status_code == 302
    with tenant_scope(other.tenant_id):
        event = AuditEvent.objects.latest("id")
    assert (event.action, event.detail) == ("session.entered", {"role": "super_admin", "platform": True})


def test_people_of_a_suspended_tenant_are_told_so_only_after_the_right_password() -> None:
    """Before it they get what everyone gets."""
    house = make_house()
    email = house.user(Role.ORG_ADMIN).email
    house.suspend()
    assert send(Client(), email, WRONG)[0] == 422
    assert send(Client(), email, PASSWORD)[0] == 403
