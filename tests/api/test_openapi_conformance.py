"""The program answers as its OpenAPI document says: schemathesis sends valid and invalid requests to each operation."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ingestion.domain.schemas import BUILT_IN_SCHEMAS, schema_to_json
from ingestion.models import Schema
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.web.openapi import published_schema
from tests.integration.rls.routes import FIXED_PARAMETERS
from tests.support.factories.populated_tenant import PopulatedTenant, make_populated_tenant
from tests.support.in_process import open_connections

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
AnyOperation = APIOperation[Any, Any, Any, Any]
REQUESTS = 6  # of each operation and mode
DOCUMENT: dict[str, Any] = json.loads(published_schema()[0])
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
SCHEMA.app = get_wsgi_application()
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)]


@pytest.fixture
def owner(db: None) -> PopulatedTenant:
    """Return a tenant with a row in every table."""
    populated = make_populated_tenant("acme")
    with tenant_scope(populated.tenant.tenant_id):
        Schema.objects.update(definition=schema_to_json(BUILT_IN_SCHEMAS[0]))
    return populated


def check_answers(strategy: Any, headers: dict[str, str]) -> None:  # noqa: ANN401 - hypothesis's strategy of cases
    """Send the requests, each rolled back, and check the answers."""
    limits: Callable[[Any], Any] = settings(
        max_examples=REQUESTS, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )

    @limits
    @given(case=strategy)
    def send(case: Case[Any]) -> None:
        with transaction.atomic():
            response = case.call(headers=headers)
            transaction.set_rollback(True)
        case.validate_response(response, checks=CHECKS)

    with open_connections():
        send()


def path_values(operation: AnyOperation, owner: PopulatedTenant) -> dict[str, str]:
    """Return the ids of the owner's rows for an operation's path."""
    known = FIXED_PARAMETERS | {name: str(value) for name, value in owner.ids.items()}
    return {parameter.name: known[parameter.name] for parameter in operation.path_parameters}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda found: found.label)
def test_valid_requests_for_existing_rows_are_answered_as_documented(
    operation: AnyOperation, owner: PopulatedTenant
) -> None:
    headers = {"Authorization": f"Bearer {owner.tenant.create_key(Role.ORG_ADMIN).key}"}
    check_answers(operation.as_strategy(path_parameters=path_values(operation, owner)), headers)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda found: found.label)
def test_invalid_requests_are_answered_as_documented(operation: AnyOperation, owner: PopulatedTenant) -> None:
    headers = {"Authorization": f"Bearer {owner.tenant.create_key(Role.ORG_ADMIN).key}"}
    check_answers(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE), headers)
