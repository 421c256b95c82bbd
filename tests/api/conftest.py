"""Fixture of a tenant with its schemas for the tests of /v1."""

import pytest

from ingestion.services.schemas import create_default_schemas
from refinery.core.database.scope import tenant_scope
from tests.support.factories.tenants import TenantFixture, make_tenant


@pytest.fixture
def tenant(db: None) -> TenantFixture:
    """Return a tenant with its schemas and a person for each role."""
    tenant = make_tenant()
    with tenant_scope(tenant.tenant_id):
        create_default_schemas(tenant_id=tenant.tenant_id)
    return tenant
