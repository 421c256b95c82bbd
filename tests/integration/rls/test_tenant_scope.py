"""Row-level security holds with the ORM filters removed."""

import pytest
from django.db import ProgrammingError, connection, transaction

from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import Team
from refinery.core.tenancy.services import create_tenant

pytestmark = pytest.mark.django_db


def test_rls_hides_rows_of_other_tenants() -> None:
    """No rows without a tenant, and only its own rows within one."""
    first, second = create_tenant(slug="first", name="First"), create_tenant(slug="second", name="Second")
    with tenant_scope(first):
        Team.objects.create(tenant_id=first, name="Accounts")
    with tenant_scope(second):
        assert not Team.objects.exists()
    assert not Team.objects.exists()
    with tenant_scope(first):
        assert Team.objects.get().name == "Accounts"


def test_rls_rejects_rows_for_other_tenants() -> None:
    """WITH CHECK applies to writes."""
    first, second = create_tenant(slug="first", name="First"), create_tenant(slug="second", name="Second")
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic(), tenant_scope(second):
        Team.objects.create(tenant_id=first, name="Accounts")


def test_audit_log_rejects_update_and_delete() -> None:
    """The application role may only append."""
    tenant = create_tenant(slug="first", name="First")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), tenant_scope(tenant):
        AuditEvent.objects.update(action="nothing")


def test_application_role_cannot_bypass_rls() -> None:
    """Neither superuser nor BYPASSRLS."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
