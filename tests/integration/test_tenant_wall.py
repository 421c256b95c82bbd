"""Row level security holds with the ORM's filters taken out."""

import pytest
from django.db import ProgrammingError, connection, transaction

from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import Team
from refinery.core.tenancy.services import create_tenant

pytestmark = pytest.mark.django_db


def test_rows_of_another_tenant_are_not_there() -> None:
    """Without a tenant nothing, within one only its own."""
    first, second = create_tenant(slug="first", name="First"), create_tenant(slug="second", name="Second")
    with tenant_scope(first):
        Team.objects.create(tenant_id=first, name="Accounts")
    with tenant_scope(second):
        assert not Team.objects.exists()
    assert not Team.objects.exists()
    with tenant_scope(first):
        assert Team.objects.get().name == "Accounts"


def test_a_row_for_another_tenant_is_refused() -> None:
    """WITH CHECK guards writes too."""
    first, second = create_tenant(slug="first", name="First"), create_tenant(slug="second", name="Second")
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic(), tenant_scope(second):
        Team.objects.create(tenant_id=first, name="Accounts")


def test_the_audit_log_cannot_be_changed() -> None:
    """The application role may only append."""
    tenant = create_tenant(slug="first", name="First")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), tenant_scope(tenant):
        AuditEvent.objects.update(action="nothing")


def test_the_application_is_bound_by_the_wall() -> None:
    """Neither superuser nor BYPASSRLS."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
