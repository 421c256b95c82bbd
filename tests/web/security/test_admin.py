"""Django admin: restricted to administrators and their tenant, with every change in the audit log."""

import json
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.admin.checks import check_admin_app
from django.contrib.admin.models import LogEntry
from django.contrib.auth.tokens import default_token_generator
from django.db.models import Model
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils.functional import Promise

from ingestion.domain.schemas import BUILT_IN_SCHEMAS, schema_to_json
from ingestion.models import Schema
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import NotAllowed
from refinery.core.tenancy.invitations import invite, renew_invitation
from refinery.core.tenancy.models import ApiKey, Membership, Team, TeamMembership, Tenant, User
from refinery.core.tenancy.roles import Role
from refinery.core.tenancy.separators import parse_separators
from refinery.core.web.admin_site import site
from refinery.core.webhooks.models import WebhookDelivery, WebhookEndpoint
from review.models import Queue, QueueUserGrant
from tests.support.factories.documents import make_queue, make_schema, make_task
from tests.support.factories.tenants import TenantFixture, add_person, make_team, make_tenant

pytestmark = pytest.mark.django_db
REGISTERED = get_resolver().url_patterns  # loading the URL conf registers the models
MODELS = sorted(site._registry, key=lambda model: model._meta.label)
IDS = [model._meta.label_lower for model in MODELS]


def admin_url(model: type[Model], kind: str, *args: object) -> str:
    """Return the URL of an admin page."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}", args=args)


def inline_form(prefix: str, **row: object) -> dict[str, Any]:
    """Return the form data of one inline row."""
    head = {f"{prefix}-TOTAL_FORMS": 1 if row else 0, f"{prefix}-INITIAL_FORMS": 0}
    return {**head, **{f"{prefix}-0-{name}": value for name, value in row.items()}}


def populated_tenant(slug: str) -> TenantFixture:
    """Create a tenant with a row of every model, each marked by the slug."""
    tenant = make_tenant(slug)
    make_team(tenant, f"{slug} team", Role.REVIEWER)
    queue = make_queue(tenant, f"{slug} queue")
    make_task(tenant, queue=queue)
    make_schema(tenant, f"{slug}-schema")
    tenant.create_key(Role.VIEWER)
    with tenant_scope(tenant.tenant_id):
        WebhookEndpoint.objects.create(tenant_id=tenant.tenant_id, url=f"https://{slug}.example/", secret="s3cret")
    return tenant


def last_action(tenant: TenantFixture) -> str:
    """Return the newest entry of the tenant's audit log."""
    with tenant_scope(tenant.tenant_id):
        return AuditEvent.objects.latest("id").action


def last_detail(tenant: TenantFixture, action: str = "") -> dict[str, Any]:
    """Return the detail of the newest entry, or of the newest one of an action."""
    with tenant_scope(tenant.tenant_id):
        events = AuditEvent.objects.filter(action=action) if action else AuditEvent.objects.all()
        return dict(events.exclude(action__endswith=".viewed").latest("id").detail)


def test_admin_registers_models_of_every_app() -> None:
    """Every app has admin pages and they pass the checks; `manage.py check` may run before the URL conf is loaded."""
    assert REGISTERED
    assert {model._meta.app_label for model in MODELS} == {"audit", "ingestion", "review", "tenancy", "webhooks"}
    assert check_admin_app(None) == []


MODEL_NAMES = {
    "audit events",
    "documents",
    "batches",
    "schemas",
    "queues",
    "tasks",
    "API keys",
    "members",
    "teams",
    "organisations",
    "accounts",
    "webhooks",
    "webhook deliveries",
}


def test_admin_model_names_are_translatable() -> None:
    """Singular and plural are set: names derived from the class would read "batchs" and "api keys"."""
    assert {str(model._meta.verbose_name_plural) for model in MODELS} == MODEL_NAMES
    for model in MODELS:
        assert isinstance(model._meta.verbose_name, Promise), model
        assert isinstance(model._meta.verbose_name_plural, Promise), model


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_admin_lists_show_own_rows_only(model: type[Model]) -> None:
    """Lists, searches and add forms."""
    tenant, foreign = populated_tenant("acme"), populated_tenant("canary")
    client = tenant.client(Role.ORG_ADMIN)
    for address in (
        admin_url(model, "changelist"),
        admin_url(model, "changelist") + "?q=anary",
        admin_url(model, "add"),
    ):
        answer = client.get(address)
        assert answer.status_code in {200, 403}, address
        text = answer.content.decode()
        assert "canary" not in text, address
        assert str(foreign.tenant_id) not in text
    assert client.get(admin_url(model, "changelist")).status_code == 200


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.SUPER_ADMIN, Role.ORG_ADMIN}])
def test_admin_below_org_admin_is_forbidden(role: Role) -> None:
    """403 on every page; is_staff makes no difference."""
    tenant = make_tenant()
    User.objects.filter(pk=tenant.user(role).pk).update(is_staff=True)
    client = tenant.client(role)
    for address in (
        "/admin/",
        "/admin/login/",
        "/admin/roles/",
        admin_url(Team, "add"),
        admin_url(ApiKey, "changelist"),
    ):
        assert client.get(address).status_code == 403, address


def test_admin_without_session_redirects_to_sign_in() -> None:
    """The admin accepts sessions only."""
    tenant = make_tenant()
    for client in (Client(), tenant.api(Role.ORG_ADMIN)):
        answer = client.get("/admin/")
        assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=%2Fadmin%2F")


def test_admin_csp_allows_no_inline_or_foreign_script() -> None:
    """The policy allows only the sources that the pages need."""
    policy = make_tenant().client(Role.ORG_ADMIN).get("/admin/")["Content-Security-Policy"]
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert scripts.split()[1:] == ["'self'", "'unsafe-eval'"]


def test_admin_pages_contain_no_inline_script() -> None:
    """The pages do not depend on anything that the policy blocks."""
    client = populated_tenant("acme").client(Role.ORG_ADMIN)
    for model in MODELS:
        for kind in ("changelist", "add"):
            text = client.get(admin_url(model, kind)).content.decode()
            assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text), (model, kind)
            assert not re.search(r"\son(click|load|change|submit|error)=", text), (model, kind)


def test_admin_new_api_key_is_shown_once() -> None:
    """Afterwards neither a cookie, the session nor the list contains it."""
    tenant = make_tenant()
    client = tenant.client(Role.ORG_ADMIN)
    form = {"name": "ci", "role": "operator", "scopes": ["document.view"], "expires_at_0": "", "expires_at_1": ""}
    answer = client.post(admin_url(ApiKey, "add"), form)
    found = re.search(r"rfk_[\w-]{43}", answer.content.decode())
    assert found is not None
    assert "no-store" in answer["Cache-Control"]
    assert found[0] not in str(answer.cookies) + str(dict(client.session))
    assert found[0] not in client.get(admin_url(ApiKey, "changelist")).content.decode()
    with tenant_scope(tenant.tenant_id):
        key = ApiKey.objects.get()
    assert (key.role, key.scopes) == ("operator", ["document.view"])
    chosen = {"action": "revoke", "_selected_action": [str(key.pk)]}
    assert client.post(admin_url(ApiKey, "changelist"), chosen).status_code == 302
    assert last_action(tenant) == "key.revoked"
    assert Client().get("/v1/api-keys", headers={"Authorization": f"Bearer {found[0]}"}).status_code == 401


def test_admin_invited_member_chooses_password() -> None:
    """The link works once; a person with an account elsewhere gets a link that grants nothing."""
    tenant, other = make_tenant("acme"), make_tenant("other")
    client = tenant.client(Role.ORG_ADMIN)
    old = add_person(other, "old@example.org", Role.VIEWER)
    links = []
    for email in ("new@example.org", "old@example.org"):
        answer = client.post(admin_url(Membership, "add"), {"email": email, "role": "reviewer"}, follow=True)
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
    assert (
        Client().post("/sign-in/", {"username": "new@example.org", "password": "hold the fresh door"})["Location"]
        == "/"
    )
    assert b'name="new_password1"' not in Client().get(links[0], follow=True).content
    assert User.objects.get(pk=old.pk).password == old.password
    assert last_action(tenant) == "password.chosen"


def renewed_link(tenant: TenantFixture, email: str, role: Role = Role.ORG_ADMIN) -> str:
    """Return the path of a member's renewed invitation."""
    with tenant_scope(tenant.tenant_id):
        membership = Membership.objects.get(user__email=email)
    return renew_invitation(actor=tenant.actor(role), membership_id=membership.id).path


def offers_password(path: str) -> bool:
    """Return whether the link leads to a form for a new password."""
    return b'name="new_password1"' in Client().get(path, follow=True).content


def test_invitation_is_renewed_after_it_expired(monkeypatch: pytest.MonkeyPatch) -> None:
    """The old link is too old, the new one works; after it was used, there is no other."""
    tenant = make_tenant()
    old = invite(actor=tenant.actor(Role.ORG_ADMIN), email="new@example.org", role=Role.VIEWER).path
    with monkeypatch.context() as later:
        week = timedelta(days=7)
        later.setattr(default_token_generator, "_now", lambda: datetime.now() + week)  # noqa: DTZ005 - as Django does
        assert not offers_password(old)
        assert offers_password(renewed_link(tenant, "new@example.org"))
    assert last_action(tenant) == "member.invited_again"
    user = User.objects.get(email="new@example.org")
    user.set_password("hold the fresh door")
    user.save()
    assert not offers_password(renewed_link(tenant, "new@example.org"))


def test_renewed_invitation_opens_no_account_of_another_tenant() -> None:
    """Not even one that nobody has opened yet; a super_admin may renew it."""
    tenant, other = make_tenant("acme"), make_tenant("other")
    for each in (tenant, other):
        invite(actor=each.actor(Role.ORG_ADMIN), email="new@example.org", role=Role.VIEWER)
    assert not offers_password(renewed_link(other, "new@example.org"))
    assert not offers_password(renewed_link(tenant, "new@example.org"))
    assert offers_password(renewed_link(other, "new@example.org", Role.SUPER_ADMIN))
    other.suspend()
    with tenant_scope(other.tenant_id):
        assert Membership.objects.filter(user__email="new@example.org").exists()


def test_renewed_invitation_needs_permission_and_own_member() -> None:
    """A manager may not, and another tenant's member is not found."""
    tenant, other = make_tenant("acme"), make_tenant("other")
    with tenant_scope(other.tenant_id):
        foreign = Membership.objects.get(user=other.user(Role.VIEWER))
    with pytest.raises(NotAllowed):
        renew_invitation(actor=tenant.actor(Role.MANAGER), membership_id=foreign.id)
    with pytest.raises(Membership.DoesNotExist):
        renew_invitation(actor=tenant.actor(Role.ORG_ADMIN), membership_id=foreign.id)


def test_admin_changes_record_values_before_and_after() -> None:
    """Of the organisation and of rows below a team; a deleted row's last values too."""
    tenant = populated_tenant("acme")
    client = tenant.client(Role.ORG_ADMIN)
    form = {
        "name": "Acme",
        "review_below": 80,
        "reject_below": 40,
        "sla_seconds": 14400,
        "reading_mode": "standard",
        "four_eyes": "strict",
        "split_mode": "suggest",
        "split_separators": "REFINERY-SEPARATOR\nPATCHT",
    }
    assert client.post(admin_url(Tenant, "change", tenant.tenant_id), form).status_code == 302
    detail = last_detail(tenant)
    assert detail["values"] == {"review_below": [70, 80], "four_eyes": ["on", "strict"]}
    with tenant_scope(tenant.tenant_id):
        team, place = Team.objects.get(), Membership.objects.get(user=tenant.user(Role.VIEWER))
    body = {"name": "Night shift", **inline_form("teammembership_set", membership=place.pk)}
    assert client.post(admin_url(Team, "change", team.pk), body).status_code == 302
    row = "teammembership_set-0"
    changed = {"name": ["acme team", "Night shift"], f"{row}-membership": [None, str(place.pk)]}
    assert last_detail(tenant)["values"] == changed
    with tenant_scope(tenant.tenant_id):
        kept, added = TeamMembership.objects.order_by("id")
    removal = inline_form("teammembership_set", id=kept.pk, membership=kept.membership_id, team=team.pk, DELETE="on")
    body = {"name": "Night shift", **removal, "teammembership_set-INITIAL_FORMS": 1}
    assert client.post(admin_url(Team, "change", team.pk), body).status_code == 302
    assert last_detail(tenant)["values"][f"{row}-membership"] == [str(kept.membership_id), None]
    with tenant_scope(tenant.tenant_id):
        assert TeamMembership.objects.get() == added
    assert client.post(admin_url(Team, "delete", team.pk), {"post": "yes"}).status_code == 302
    assert last_detail(tenant)["values"] == {"name": ["Night shift", None]}


def test_key_changes_record_values_before_and_after() -> None:
    """The key itself is never part of them."""
    tenant = make_tenant()
    made = tenant.create_key(Role.OPERATOR)
    client = tenant.api(Role.ORG_ADMIN)
    change = {"scopes": ["document.view"], "name": "narrow"}
    assert client.patch(f"/v1/api-keys/{made.id}", change, content_type="application/json").status_code == 200
    values = last_detail(tenant, "key.changed")["values"]
    assert values == {"name": ["operator program", "narrow"], "scopes": [None, ["document.view"]]}


def test_admin_own_membership_and_higher_roles_cannot_be_granted() -> None:
    """super_admin is not a tenant role, and the last administrator cannot be removed."""
    tenant = make_tenant()
    client, actor = tenant.client(Role.ORG_ADMIN), tenant.actor(Role.ORG_ADMIN)
    with tenant_scope(tenant.tenant_id):
        own = Membership.objects.get(user_id=actor.user_id)
        other = Membership.objects.get(user=tenant.user(Role.VIEWER))
    assert client.post(admin_url(Membership, "change", own.pk), {"role": "viewer"}).status_code == 200
    assert client.post(admin_url(Membership, "change", other.pk), {"role": "super_admin"}).status_code == 200
    assert (
        client.post(admin_url(Membership, "change", other.pk), {"role": "manager", "is_active": "on"}).status_code
        == 302
    )
    with tenant_scope(tenant.tenant_id):
        roles = set(Membership.objects.filter(pk__in=[own.pk, other.pk]).values_list("role", flat=True))
        event = AuditEvent.objects.latest("id")
    assert roles == {"org_admin", "manager"}
    values = {"role": ["viewer", "manager"]}
    assert (event.action, event.detail) == ("member.changed", {"fields": ["role"], "values": values})
    assert not LogEntry.objects.exists()


def test_admin_team_choices_show_names_of_people() -> None:
    """Choices show names instead of ids, and omit the service users of API keys."""
    tenant = populated_tenant("acme")
    client = tenant.client(Role.ORG_ADMIN)
    with tenant_scope(tenant.tenant_id):
        team, place = Team.objects.get(), Membership.objects.get(user=tenant.user(Role.REVIEWER))
    for address in (admin_url(Team, "add"), admin_url(Team, "change", team.pk)):
        text = client.get(address).content.decode()
        assert "Acme reviewer (reviewer)" in text
        assert "viewer program" not in text
    assert f"{place}" == "Acme reviewer (reviewer)"


def test_admin_role_choice_defaults_to_lowest() -> None:
    """The default is the lowest role, although the list begins with the highest."""
    client = make_tenant().client(Role.ORG_ADMIN)
    for address in (admin_url(Membership, "add"), admin_url(ApiKey, "add")):
        assert re.search(r'<option value="viewer"\s+selected', client.get(address).content.decode()), address


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"review_below": 30, "reject_below": 40}, "or nothing would be reviewed"),
        ({"review_below": 500}, "At most 100."),
        ({"sla_seconds": 0}, "At least a minute"),
    ],
)
def test_admin_invalid_thresholds_are_explained(changed: dict[str, int], said: str) -> None:
    """The message does not contain a constraint name, and nothing is stored."""
    tenant = make_tenant()
    form = {
        "name": "Acme",
        "review_below": 80,
        "reject_below": 30,
        "sla_seconds": 60,
        "reading_mode": "fast",
        "retention_days": "",
        "split_mode": "automatic",
        "split_separators": "NEW CASE\r\n",
    }
    answer = tenant.client(Role.ORG_ADMIN).post(admin_url(Tenant, "change", tenant.tenant_id), form | changed)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    with tenant_scope(tenant.tenant_id):
        assert Tenant.objects.get().review_below == 70


def test_admin_thresholds_are_editable_but_platform_limits_are_not() -> None:
    """Extra form members are ignored."""
    tenant = make_tenant()
    form = {
        "name": "Acme",
        "review_below": 80,
        "reject_below": 30,
        "sla_seconds": 60,
        "reading_mode": "fast",
        "retention_days": "",
        "requests_per_minute": 5,
        "status": "suspended",
        "slug": "stolen",
        "max_file_bytes": 1,
        "documents_per_day": 1,
        "split_mode": "automatic",
        "split_separators": "NEW CASE\r\n",
        "split_at_blank": "on",
    }
    assert tenant.client(Role.ORG_ADMIN).post(admin_url(Tenant, "change", tenant.tenant_id), form).status_code == 302
    with tenant_scope(tenant.tenant_id):
        row = Tenant.objects.get()
    assert (row.review_below, row.requests_per_minute, row.status, row.slug) == (80, 1200, "active", "acme")
    wrong = tenant.client(Role.ORG_ADMIN).post(
        admin_url(Tenant, "change", tenant.tenant_id), {**form, "reject_below": 90}
    )
    assert wrong.status_code == 200
    assert (row.split_mode, row.split_at_blank) == ("automatic", True)
    assert parse_separators(row.split_separators) == ("NEW CASE",)
    for refused in ({"split_separators": "abc"}, {"split_separators": "Fälle"}, {"split_mode": "often"}):
        answer = tenant.client(Role.ORG_ADMIN).post(admin_url(Tenant, "change", tenant.tenant_id), {**form, **refused})
        assert answer.status_code == 200, refused
    assert tenant.client(Role.SUPER_ADMIN).post(admin_url(Tenant, "change", tenant.tenant_id), form).status_code == 302
    with tenant_scope(tenant.tenant_id):
        assert Tenant.objects.get().requests_per_minute == 5


def test_admin_teams_and_grants_accept_own_people_only() -> None:
    """Ids of another tenant are not valid choices."""
    tenant, foreign = populated_tenant("acme"), populated_tenant("other")
    client = tenant.client(Role.ORG_ADMIN)
    with tenant_scope(foreign.tenant_id):
        stranger = Membership.objects.get(user=foreign.user(Role.VIEWER))
    with tenant_scope(tenant.tenant_id):
        own = Membership.objects.get(user=tenant.user(Role.VIEWER))
        queue = Queue.objects.get()
    prefix, team = "teammembership_set", {"name": "Night"}
    assert (
        client.post(admin_url(Team, "add"), {**team, **inline_form(prefix, membership=stranger.pk)}).status_code == 200
    )
    assert client.post(admin_url(Team, "add"), {**team, **inline_form(prefix, membership=own.pk)}).status_code == 302
    change, values = (
        admin_url(Queue, "change", queue.pk),
        {"name": "Q", "schema_key": "", "team": "", "sla_seconds": "", **inline_form("team_grants")},
    )
    foreign_user, own_user = foreign.user(Role.VIEWER).pk, tenant.user(Role.VIEWER).pk
    assert client.post(change, {**values, **inline_form("user_grants", user=foreign_user)}).status_code == 200
    assert client.post(change, {**values, **inline_form("user_grants", user=own_user)}).status_code == 302
    with tenant_scope(tenant.tenant_id):
        assert TeamMembership.objects.filter(team__name="Night").count() == 1
        assert QueueUserGrant.objects.get().permission.codename == "review_queue"


def test_admin_schema_edit_creates_new_version_and_reports_errors() -> None:
    """The edit uses the same service as the API."""
    tenant = make_tenant()
    client, definition = tenant.client(Role.ORG_ADMIN), schema_to_json(BUILT_IN_SCHEMAS[0])
    assert client.post(admin_url(Schema, "add"), {"definition": '{"key": "x"}'}).status_code == 200
    for _ in range(2):
        assert client.post(admin_url(Schema, "add"), {"definition": json.dumps(definition)}).status_code == 302
    with tenant_scope(tenant.tenant_id):
        assert list(Schema.objects.order_by("version").values_list("version", "is_active")) == [(1, False), (2, True)]


def test_admin_webhook_secret_is_shown_once() -> None:
    """By the form that creates or rotates it; afterwards neither list nor form nor session shows it."""
    tenant = populated_tenant("acme")
    client = tenant.client(Role.ORG_ADMIN)
    with tenant_scope(tenant.tenant_id):
        row = WebhookEndpoint.objects.get()
    assert b"s3cret" not in client.get(admin_url(WebhookEndpoint, "change", row.pk)).content
    assert client.post(admin_url(WebhookEndpoint, "add"), {"url": "http://169.254.169.254/"}).status_code == 200
    form = {"url": "https://hooks.example/", "is_active": "on"}
    made = client.post(admin_url(WebhookEndpoint, "add"), form)
    rotated = client.post(admin_url(WebhookEndpoint, "row_action", row.pk, "rotate"))
    with tenant_scope(tenant.tenant_id):
        row.refresh_from_db()
        new = WebhookEndpoint.objects.get(url="https://hooks.example/")
    assert row.previous_secret == "s3cret"
    for answer, secret in ((made, new.secret), (rotated, row.secret)):
        assert secret in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        assert secret not in str(answer.cookies) + str(dict(client.session))
        assert secret not in client.get(admin_url(WebhookEndpoint, "change", row.pk)).content.decode()
        assert secret not in client.get(admin_url(WebhookEndpoint, "changelist")).content.decode()


def test_admin_webhook_with_deliveries_is_deleted() -> None:
    """By its page and from the list; the deliveries go with it, and those of other receivers stay."""
    tenant = populated_tenant("acme")
    client = tenant.client(Role.ORG_ADMIN)
    with tenant_scope(tenant.tenant_id):
        rows = [
            WebhookEndpoint.objects.create(tenant_id=tenant.tenant_id, url=f"https://{name}.example/", secret="s")
            for name in ("one", "two", "kept")
        ]
        for row in rows:
            WebhookDelivery.objects.create(
                tenant_id=tenant.tenant_id, endpoint=row, url=row.url, event="document.completed", payload={}
            )
    asked = client.get(admin_url(WebhookEndpoint, "delete", rows[0].pk)).content.decode()
    assert re.search(r"Webhook deliveries:\s*1", asked)
    assert client.post(admin_url(WebhookEndpoint, "delete", rows[0].pk), {"post": "yes"}).status_code == 302
    assert last_action(tenant) == "webhook.removed"
    chosen = {"action": "delete_selected", "_selected_action": [str(rows[1].pk)], "post": "yes"}
    assert client.post(admin_url(WebhookEndpoint, "changelist"), chosen).status_code == 302
    with tenant_scope(tenant.tenant_id):
        assert [delivery.endpoint for delivery in WebhookDelivery.objects.all()] == [rows[2]]
        assert AuditEvent.objects.filter(action="webhook.removed").count() == 2


def test_admin_history_shows_audit_events_of_own_rows() -> None:
    """Only for rows that the administrator may see."""
    tenant, foreign = populated_tenant("acme"), populated_tenant("other")
    client = tenant.client(Role.ORG_ADMIN)
    with tenant_scope(tenant.tenant_id):
        key = ApiKey.objects.get()
    with tenant_scope(foreign.tenant_id):
        stranger = ApiKey.objects.get()
    shown = client.get(admin_url(ApiKey, "history", key.pk), follow=True).content.decode()
    assert "key.created" in shown
    assert "tenant.created" not in shown
    assert client.get(admin_url(ApiKey, "history", stranger.pk)).status_code == 404
    assert client.get(admin_url(ApiKey, "change", stranger.pk)).status_code == 404
    assert client.get(admin_url(ApiKey, "change", UUID(int=0))).status_code == 404


def test_admin_roles_page_lists_permissions() -> None:
    """Every permission is a row."""
    assert b"key.edit" in make_tenant().client(Role.ORG_ADMIN).get("/admin/roles/").content
