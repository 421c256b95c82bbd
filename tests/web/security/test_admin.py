"""The administrators' site: for administrators, of what is theirs, with every change in the audit log."""

import json
import re
from typing import Any
from uuid import UUID

import pytest
from django.contrib.admin.checks import check_admin_app
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils.functional import Promise

from ingestion.domain.schemas import BUILT_IN, to_json
from ingestion.models import Schema
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import ApiKey, Membership, Team, TeamMembership, Tenant, User
from refinery.core.tenancy.roles import Role
from refinery.core.tenancy.separators import separators_in
from refinery.core.web.admin_site import site
from refinery.core.webhooks.models import WebhookEndpoint
from review.models import Queue, QueueUserGrant
from tests.factories.documents import make_queue, make_schema, make_task
from tests.factories.people import House, add_person, make_house, make_team

pytestmark = pytest.mark.django_db
REGISTERED = get_resolver().url_patterns  # reading the addresses is what fills the site
MODELS = sorted(site._registry, key=lambda model: model._meta.label)
IDS = [model._meta.label_lower for model in MODELS]


def page(model: type[Model], kind: str, *args: object) -> str:
    """Give an address of the site."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}", args=args)


def inline(prefix: str, **row: object) -> dict[str, Any]:
    """Give the form of one row below."""
    head = {f"{prefix}-TOTAL_FORMS": 1 if row else 0, f"{prefix}-INITIAL_FORMS": 0}
    return {**head, **{f"{prefix}-0-{name}": value for name, value in row.items()}}


def furnished(slug: str) -> House:
    """Make a tenant that has a row of everything, each marked by the slug."""
    house = make_house(slug)
    make_team(house, f"{slug} team", Role.REVIEWER)
    queue = make_queue(house, f"{slug} queue")
    make_task(house, queue=queue)
    make_schema(house, f"{slug}-schema")
    house.key(Role.VIEWER)
    with tenant_scope(house.tenant_id):
        WebhookEndpoint.objects.create(tenant_id=house.tenant_id, url=f"https://{slug}.example/", secret="s3cret")
    return house


def last_action(house: House) -> str:
    """Give the newest entry of the tenant's log."""
    with tenant_scope(house.tenant_id):
        return AuditEvent.objects.latest("id").action


def test_the_addresses_fill_the_site() -> None:
    """With pages of every app, each of them sound: `manage.py check` may look before anyone has asked for them."""
    assert REGISTERED
    assert {model._meta.app_label for model in MODELS} == {"audit", "ingestion", "review", "tenancy", "webhooks"}
    assert check_admin_app(None) == []


NAMES = {
    "audit events", "documents", "batches", "schemas", "queues", "tasks", "API keys", "members", "teams",
    "organisations", "accounts", "webhooks", "webhook deliveries",
}  # fmt: skip


def test_every_kind_of_row_has_names_that_can_be_translated() -> None:
    """For one and for many: made from the name of a class they read "batchs" and "api keys"."""
    assert {str(model._meta.verbose_name_plural) for model in MODELS} == NAMES
    for model in MODELS:
        assert isinstance(model._meta.verbose_name, Promise), model
        assert isinstance(model._meta.verbose_name_plural, Promise), model


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_every_list_shows_ones_own_and_nothing_of_others(model: type[Model]) -> None:
    """Lists, searches and the forms to add."""
    house, foreign = furnished("acme"), furnished("canary")
    client = house.client(Role.ORG_ADMIN)
    for address in (page(model, "changelist"), page(model, "changelist") + "?q=anary", page(model, "add")):
        answer = client.get(address)
        assert answer.status_code in {200, 403}, address
        text = answer.content.decode()
        assert "canary" not in text, address
        assert str(foreign.tenant_id) not in text
    assert client.get(page(model, "changelist")).status_code == 200


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.SUPER_ADMIN, Role.ORG_ADMIN}])
def test_those_below_an_administrator_are_refused(role: Role) -> None:
    """403, on every page; is_staff changes nothing."""
    house = make_house()
    User.objects.filter(pk=house.user(role).pk).update(is_staff=True)
    client = house.client(role)
    for address in ("/admin/", "/admin/login/", "/admin/roles/", page(Team, "add"), page(ApiKey, "changelist")):
        assert client.get(address).status_code == 403, address


def test_a_key_or_a_stranger_is_led_to_the_sign_in_page() -> None:
    """The admin takes sessions alone."""
    house = make_house()
    for client in (Client(), house.api(Role.ORG_ADMIN)):
        answer = client.get("/admin/")
        assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=%2Fadmin%2F")


def test_the_policy_lets_unfold_work_and_no_foreign_or_inline_script() -> None:
    """Only what its pages need."""
    policy = make_house().client(Role.ORG_ADMIN).get("/admin/")["Content-Security-Policy"]
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert scripts.split()[1:] == ["'self'", "'unsafe-eval'"]


def test_no_page_of_the_site_carries_an_inline_script() -> None:
    """What the policy refuses is not there to be missed."""
    client = furnished("acme").client(Role.ORG_ADMIN)
    for model in MODELS:
        for kind in ("changelist", "add"):
            text = client.get(page(model, kind)).content.decode()
            assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text), (model, kind)
            assert not re.search(r"\son(click|load|change|submit|error)=", text), (model, kind)


def test_a_key_is_shown_once_by_the_answer_that_made_it() -> None:
    """Neither a cookie nor the session nor the list has it after."""
    house = make_house()
    client = house.client(Role.ORG_ADMIN)
    form = {"name": "ci", "role": "operator", "scopes": ["document.view"], "expires_at_0": "", "expires_at_1": ""}
    answer = client.post(page(ApiKey, "add"), form)
    found = re.search(r"rfk_[\w-]{43}", answer.content.decode())
    assert found is not None
    assert "no-store" in answer["Cache-Control"]
    assert found[0] not in str(answer.cookies) + str(dict(client.session))
    assert found[0] not in client.get(page(ApiKey, "changelist")).content.decode()
    with tenant_scope(house.tenant_id):
        key = ApiKey.objects.get()
    assert (key.role, key.scopes) == ("operator", ["document.view"])
    chosen = {"action": "revoke", "_selected_action": [str(key.pk)]}
    assert client.post(page(ApiKey, "changelist"), chosen).status_code == 302
    assert last_action(house) == "key.revoked"
    assert Client().get("/v1/api-keys", headers={"Authorization": f"Bearer {found[0]}"}).status_code == 401


def test_a_member_is_invited_and_chooses_a_password() -> None:
    """The link works once; a person who has an account elsewhere gets one that opens nothing."""
    house, other = make_house("acme"), make_house("other")
    client = house.client(Role.ORG_ADMIN)
    old = add_person(other, "old@example.org", Role.VIEWER)
    links = []
    for email in ("new@example.org", "old@example.org"):
        answer = client.post(page(Membership, "add"), {"email": email, "role": "reviewer"}, follow=True)
        found = re.search(r"http://testserver(/join/[\w-]+/[\w-]+/)", answer.content.decode())
        assert found is not None
        links.append(found[1])
    assert [len(link.split("/")[3]) for link in links] == [39, 39]
    form = Client().get(links[0], follow=True)
    assert b'name="new_password1"' in form.content
    assert b'name="new_password1"' not in Client().get(links[1], follow=True).content
    fresh = Client()
    fresh.get(links[0])
    chosen = {"new_password1": "hold the fresh door", "new_password2": "hold the fresh door"}
    assert fresh.post(form.request["PATH_INFO"], chosen).status_code == 302
    assert Client().post("/sign-in/", {"username": "new@example.org", "password": "hold the fresh door"})[
        "Location"
    ] == "/"  # fmt: skip
    assert b'name="new_password1"' not in Client().get(links[0], follow=True).content
    assert User.objects.get(pk=old.pk).password == old.password
    assert last_action(house) == "member.added"


def test_nobody_changes_their_own_place_or_hands_out_more_than_they_have() -> None:
    """super_admin is no role of a tenant, and the last administrator stays."""
    house = make_house()
    client, actor = house.client(Role.ORG_ADMIN), house.actor(Role.ORG_ADMIN)
    with tenant_scope(house.tenant_id):
        own = Membership.objects.get(user_id=actor.user_id)
        other = Membership.objects.get(user=house.user(Role.VIEWER))
    assert client.post(page(Membership, "change", own.pk), {"role": "viewer"}).status_code == 200
    assert client.post(page(Membership, "change", other.pk), {"role": "super_admin"}).status_code == 200
    assert (
        client.post(page(Membership, "change", other.pk), {"role": "manager", "is_active": "on"}).status_code
        == 302
    )
    with tenant_scope(house.tenant_id):
        roles = set(Membership.objects.filter(pk__in=[own.pk, other.pk]).values_list("role", flat=True))
        event = AuditEvent.objects.latest("id")
    assert roles == {"org_admin", "manager"}
    assert (event.action, event.detail) == ("member.changed", {"fields": ["role"]})
    assert not LogEntry.objects.exists()


def test_people_are_offered_to_a_team_by_their_names() -> None:
    """Ids tell nobody whom they choose, and keys' service users share no queues."""
    house = furnished("acme")
    client = house.client(Role.ORG_ADMIN)
    with tenant_scope(house.tenant_id):
        team, place = Team.objects.get(), Membership.objects.get(user=house.user(Role.REVIEWER))
    for address in (page(Team, "add"), page(Team, "change", team.pk)):
        text = client.get(address).content.decode()
        assert "Acme reviewer (reviewer)" in text
        assert "viewer program" not in text
    assert f"{place}" == "Acme reviewer (reviewer)"


def test_who_forgets_to_choose_a_role_hands_out_the_least() -> None:
    """The list begins with the most."""
    client = make_house().client(Role.ORG_ADMIN)
    for address in (page(Membership, "add"), page(ApiKey, "add")):
        assert re.search(r'<option value="viewer"\s+selected', client.get(address).content.decode()), address


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"review_below": 30, "reject_below": 40}, "or nothing would be asked about"),
        ({"review_below": 500}, "At most 100."),
        ({"sla_seconds": 0}, "At least a minute"),
    ],
)
def test_thresholds_that_make_no_sense_are_told_of_in_words(changed: dict[str, int], said: str) -> None:
    """Not by a constraint's name, and nothing is stored."""
    house = make_house()
    form = {
        "name": "Acme", "review_below": 80, "reject_below": 30, "sla_seconds": 60, "reading_mode": "fast",
        "retention_days": "", "split_mode": "automatic", "split_separators": "NEW CASE\r\n",
    }  # fmt: skip
    answer = house.client(Role.ORG_ADMIN).post(page(Tenant, "change", house.tenant_id), form | changed)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    with tenant_scope(house.tenant_id):
        assert Tenant.objects.get().review_below == 70


def test_an_administrator_sets_thresholds_and_only_the_platform_limits() -> None:
    """What is sent beyond the form is not taken."""
    house = make_house()
    form = {
        "name": "Acme", "review_below": 80, "reject_below": 30, "sla_seconds": 60, "reading_mode": "fast",
        "retention_days": "", "requests_per_minute": 5, "status": "suspended", "slug": "stolen",
        "max_file_bytes": 1, "documents_per_day": 1,
        "split_mode": "automatic", "split_separators": "NEW CASE\r\n", "split_at_blank": "on",
    }  # fmt: skip
    assert house.client(Role.ORG_ADMIN).post(page(Tenant, "change", house.tenant_id), form).status_code == 302
    with tenant_scope(house.tenant_id):
        tenant = Tenant.objects.get()
    assert (tenant.review_below, tenant.requests_per_minute, tenant.status, tenant.slug) == (
        80,
        1200,
        "active",
        "acme",
    )
    wrong = house.client(Role.ORG_ADMIN).post(
        page(Tenant, "change", house.tenant_id), {**form, "reject_below": 90}
    )
    assert wrong.status_code == 200
    assert (tenant.split_mode, tenant.split_at_blank) == ("automatic", True)
    assert separators_in(tenant.split_separators) == ("NEW CASE",)
    for refused in ({"split_separators": "abc"}, {"split_separators": "Fälle"}, {"split_mode": "often"}):
        answer = house.client(Role.ORG_ADMIN).post(page(Tenant, "change", house.tenant_id), {**form, **refused})
        assert answer.status_code == 200, refused
    assert house.client(Role.SUPER_ADMIN).post(page(Tenant, "change", house.tenant_id), form).status_code == 302
    with tenant_scope(house.tenant_id):
        assert Tenant.objects.get().requests_per_minute == 5


def test_teams_and_grants_take_only_people_of_the_tenant() -> None:
    """A foreign id in a choice is no choice."""
    house, foreign = furnished("acme"), furnished("other")
    client = house.client(Role.ORG_ADMIN)
    with tenant_scope(foreign.tenant_id):
        stranger = Membership.objects.get(user=foreign.user(Role.VIEWER))
    with tenant_scope(house.tenant_id):
        own = Membership.objects.get(user=house.user(Role.VIEWER))
        queue = Queue.objects.get()
    prefix, team = "teammembership_set", {"name": "Night"}
    assert client.post(page(Team, "add"), {**team, **inline(prefix, membership=stranger.pk)}).status_code == 200
    assert client.post(page(Team, "add"), {**team, **inline(prefix, membership=own.pk)}).status_code == 302
    change, values = (
        page(Queue, "change", queue.pk),
        {"name": "Q", "schema_key": "", "team": "", "sla_seconds": ""},
    )
    foreign_user, own_user = foreign.user(Role.VIEWER).pk, house.user(Role.VIEWER).pk
    assert client.post(change, {**values, **inline("user_grants", user=foreign_user)}).status_code == 200
    assert client.post(change, {**values, **inline("user_grants", user=own_user)}).status_code == 302
    with tenant_scope(house.tenant_id):
        assert TeamMembership.objects.filter(team__name="Night").count() == 1
        assert QueueUserGrant.objects.get().permission.codename == "work_queue"


def test_a_schema_is_written_as_a_new_version_and_a_wrong_one_is_told() -> None:
    """By the service that the API uses."""
    house = make_house()
    client, definition = house.client(Role.ORG_ADMIN), to_json(BUILT_IN[0])
    assert client.post(page(Schema, "add"), {"definition": '{"key": "x"}'}).status_code == 200
    for _ in range(2):
        assert client.post(page(Schema, "add"), {"definition": json.dumps(definition)}).status_code == 302
    with tenant_scope(house.tenant_id):
        assert list(Schema.objects.order_by("version").values_list("version", "is_active")) == [
            (1, False),
            (2, True),
        ]


def test_a_webhooks_secret_is_on_no_page() -> None:
    """Neither list nor form."""
    house = furnished("acme")
    client = house.client(Role.ORG_ADMIN)
    with tenant_scope(house.tenant_id):
        row = WebhookEndpoint.objects.get()
    assert b"s3cret" not in client.get(page(WebhookEndpoint, "change", row.pk)).content
    assert client.post(page(WebhookEndpoint, "add"), {"url": "http://169.254.169.254/"}).status_code == 200
    assert (
        client.post(page(WebhookEndpoint, "add"), {"url": "https://hooks.example/", "is_active": "on"}).status_code
        == 302
    )


def test_the_history_of_a_row_is_what_the_audit_log_has() -> None:
    """And only of rows that one sees."""
    house, foreign = furnished("acme"), furnished("other")
    client = house.client(Role.ORG_ADMIN)
    with tenant_scope(house.tenant_id):
        key = ApiKey.objects.get()
    with tenant_scope(foreign.tenant_id):
        stranger = ApiKey.objects.get()
    shown = client.get(page(ApiKey, "history", key.pk), follow=True).content.decode()
    assert "key.created" in shown
    assert "tenant.created" not in shown
    assert client.get(page(ApiKey, "history", stranger.pk)).status_code == 404
    assert client.get(page(ApiKey, "change", stranger.pk)).status_code == 404
    assert client.get(page(ApiKey, "change", UUID(int=0))).status_code == 404


def test_the_table_of_roles_is_shown() -> None:
    """Every verb is a row."""
    assert b"key.edit" in make_house().client(Role.ORG_ADMIN).get("/admin/roles/").content
