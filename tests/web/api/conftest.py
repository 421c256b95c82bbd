"""A tenant with its schemas, for the tests of /v1."""

import pytest

from ingestion.services.schemas import default_schemas
from refinery.core.database.scope import tenant_scope
from tests.factories.people import House, make_house


@pytest.fixture
def house(db: None) -> House:
    """A tenant with its schemas and a person for each role."""
    house = make_house()
    with tenant_scope(house.tenant_id):
        default_schemas(tenant_id=house.tenant_id)
    return house
