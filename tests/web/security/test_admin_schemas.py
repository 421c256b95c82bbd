"""Form of a schema on the admin site: rows instead of JSON, errors at their places, new versions without losses."""

import json
import re

import pytest

from ingestion.admin.schema_form import as_name
from ingestion.domain.schemas import BUILT_IN_SCHEMAS, schema_from_json, schema_to_json
from ingestion.models import Schema
from ingestion.services.schemas import create_default_schemas
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.support.factories.tenants import TenantFixture, make_tenant
from tests.web.security.test_admin import admin_url, last_action

pytestmark = pytest.mark.django_db
ADD = "/admin/ingestion/schema/add/"


def rows(*fields: dict[str, str]) -> dict[str, str]:
    """Return the form data of the rows, as a browser sends them: a box is sent if it is ticked."""
    sent = {"rows-TOTAL_FORMS": str(len(fields)), "rows-INITIAL_FORMS": "0"}
    for number, field in enumerate(fields):
        values = {"kind": "text", "name": "", "labels": "", "position": "any", "pattern": "", "material": "on"} | field
        sent |= {f"rows-{number}-{name}": value for name, value in values.items()}
    return sent


def stored(tenant: TenantFixture) -> list[Schema]:
    """Return the tenant's schemas, oldest first."""
    with tenant_scope(tenant.tenant_id):
        return list(Schema.objects.order_by("id"))


def test_schema_is_written_by_rows() -> None:
    """Names and key come from titles; empty and removed rows are left out."""
    tenant = make_tenant()
    form = {"title": "Delivery note", "key": "", "keywords": "delivery note\r\n\r\nlieferschein"} | rows(
        {"title": "Note number", "kind": "identifier", "required": "on", "labels": "note no\r\nlieferschein nr"},
        {"title": ""},
        {"title": "Mistake", "DELETE": "on"},
        {"title": "Délivré le", "kind": "date", "pattern": r"\d{2}\.\d{2}\.\d{4}", "position": "top", "material": ""},
    )
    del form["rows-3-material"]
    answer = tenant.client(Role.ORG_ADMIN).post(ADD, form)
    assert answer.status_code == 302
    (schema,) = stored(tenant)
    assert (schema.key, schema.title, schema.version) == ("delivery_note", "Delivery note", 1)
    assert schema.definition == {
        "key": "delivery_note",
        "title": "Delivery note",
        "version": 1,
        "keywords": ["delivery note", "lieferschein"],
        "fields": [
            {
                "name": "note_number",
                "title": "Note number",
                "kind": "identifier",
                "labels": ["note no", "lieferschein nr"],
                "required": True,
                "material": True,
                "pattern": None,
                "position": "any",
            },
            {
                "name": "delivre_le",
                "title": "Délivré le",
                "kind": "date",
                "labels": [],
                "required": False,
                "material": False,
                "pattern": r"\d{2}\.\d{2}\.\d{4}",
                "position": "top",
            },
        ],
    }
    assert last_action(tenant) == "schema.written"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"title": "Note"} | rows(), "Fill in at least one field|a list of 1 to 100 fields"),
        ({"title": "Note"}, "Fill in at least one field"),
        ({"title": ""} | rows({"title": "Number"}), "a text of 1 to 200 characters"),
        ({"title": "Note"} | rows({"title": "", "labels": "no"}), "This field is required"),
        ({"title": "Note"} | rows({"title": "Number", "name": "Not OK"}), "small letters, digits and underscores"),
        ({"title": "Note"} | rows({"title": "日付"}), "a text of 1 to 200 characters"),
        ({"title": "Note"} | rows({"title": "A"}, {"title": "A"}), "used twice"),
        ({"title": "Note"} | rows({"title": "A", "pattern": "(?=x)"}), "not a regular expression of RE2"),
        ({"title": "Note"} | rows({"title": "A", "kind": "colour"}), "Select a valid choice"),
        ({"title": "Note", "key": "No!"} | rows({"title": "A"}), "small letters, digits and underscores"),
        ({"definition": '{"key": "x"}'}, "/fields: a list of 1 to 100 fields"),
        ({"definition": "{"}, "Enter a valid JSON"),
        ({"title": "Note"} | {"rows-TOTAL_FORMS": "x", "rows-INITIAL_FORMS": "0"}, "ManagementForm|at least one field"),
    ],
)
def test_schema_errors_are_shown_and_nothing_is_stored(form: dict[str, str], said: str) -> None:
    """At the row or input that they concern; what was typed stays."""
    tenant = make_tenant()
    answer = tenant.client(Role.ORG_ADMIN).post(ADD, {"key": "", "keywords": ""} | form)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert re.search(said, text)
    assert all(f'value="{value}"' in text for name, value in form.items() if name.endswith("-title") and value)
    assert stored(tenant) == []


def test_changed_version_keeps_everything_of_the_schema() -> None:
    """The form of each built-in schema, sent as it is shown, stores the same schema again."""
    tenant = make_tenant()
    client = tenant.client(Role.ORG_ADMIN)
    with tenant_scope(tenant.tenant_id):
        create_default_schemas(tenant_id=tenant.tenant_id)
    for spec in BUILT_IN_SCHEMAS:
        (row,) = [schema for schema in stored(tenant) if schema.key == spec.key]
        opened = client.post(admin_url(Schema, "row_action", row.pk, "new_version"))
        assert opened["Location"] == f"{ADD}?from={row.pk}"
        form = client.get(opened["Location"]).context["adminform"].form
        sent = {name: form[name].value() or "" for name in ("title", "key", "keywords")}
        sent |= {
            "rows-TOTAL_FORMS": str(len(form.rows.forms)),
            "rows-INITIAL_FORMS": str(form.rows.initial_form_count()),
        }
        for each in form.rows.forms:
            values = {each.add_prefix(name): each[name].value() for name in each.fields if name != "DELETE"}
            sent |= {
                name: "on" if value is True else value for name, value in values.items() if value not in {None, False}
            }
        assert client.post(ADD, sent).status_code == 302
        newest = stored(tenant)[-1]
        assert (newest.key, newest.version) == (spec.key, 2)
        assert {**schema_to_json(schema_from_json(newest.definition)), "version": spec.version} == schema_to_json(spec)


def test_schema_is_retired_and_found_in_own_tenant_only() -> None:
    """The version in use can be retired once; another tenant's is neither shown nor changed."""
    tenant, other = make_tenant("acme"), make_tenant("other")
    client = tenant.client(Role.ORG_ADMIN)
    assert client.post(ADD, {"title": "Secret kind"} | rows({"title": "A"})).status_code == 302
    (row,) = stored(tenant)
    stranger = other.client(Role.ORG_ADMIN)
    assert stranger.post(admin_url(Schema, "row_action", row.pk, "retire")).status_code == 404
    assert "Secret kind" not in stranger.get(f"{ADD}?from={row.pk}").content.decode()
    assert client.post(admin_url(Schema, "row_action", row.pk, "retire")).status_code == 302
    assert client.post(admin_url(Schema, "row_action", row.pk, "retire")).status_code == 404
    assert [schema.is_active for schema in stored(tenant)] == [False]


def test_schema_as_json_wins_over_rows() -> None:
    """For schemas that a program writes."""
    tenant = make_tenant()
    definition = {"key": "from_json", "title": "From JSON", "fields": [{"name": "a", "title": "A", "kind": "text"}]}
    form = {"title": "By rows", "definition": json.dumps(definition)} | rows({"title": "B"})
    assert tenant.client(Role.ORG_ADMIN).post(ADD, form).status_code == 302
    assert [schema.key for schema in stored(tenant)] == ["from_json"]


@pytest.mark.parametrize(
    ("title", "name"),
    [("Invoice No.", "invoice_no"), ("Größe (cm)", "groe_cm"), ("2nd line", "nd_line"), ("日付", ""), ("  ", "")],
)
def test_as_name_returns_valid_name_or_nothing(title: str, name: str) -> None:
    """Accents are dropped; a name begins with a letter."""
    assert as_name(title) == name
