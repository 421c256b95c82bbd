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
REQUESTS = 4  # random ones, of each operation and mode
LIMITS: Callable[[Any], Any] = settings(
    max_examples=REQUESTS, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
DOCUMENT: dict[str, Any] = json.loads(published_schema()[0])
RANDOM, BOUNDARIES = schemathesis.openapi.from_dict(DOCUMENT), schemathesis.openapi.from_dict(DOCUMENT)
RANDOM.app = BOUNDARIES.app = get_wsgi_application()
BOUNDARIES.config.phases.fuzzing.enabled = BOUNDARIES.config.phases.stateful.enabled = False
OPERATIONS = [found.ok() for found in RANDOM.get_all_operations() if isinstance(found, Ok)]


@pytest.fixture
def owner(db: None) -> PopulatedTenant:
    """Return a tenant with a row in every table."""
    populated = make_populated_tenant("acme")
    with tenant_scope(populated.tenant.tenant_id):
        Schema.objects.update(definition=schema_to_json(BUILT_IN_SCHEMAS[0]))
    return populated


@pytest.fixture
def headers(owner: PopulatedTenant) -> dict[str, str]:
    """Return the credentials of a program that may do everything."""
    return {"Authorization": f"Bearer {owner.tenant.create_key(Role.ORG_ADMIN).key}"}


def check_response(case: Case[Any], headers: dict[str, str]) -> None:
    """Send a request, roll back its effects and check the response."""
    with open_connections(), transaction.atomic():
        response = case.call(headers=headers)
        transaction.set_rollback(True)
    case.validate_response(response, checks=CHECKS)


def check_responses(cases: Any, headers: dict[str, str]) -> None:  # noqa: ANN401 - hypothesis's strategy of cases
    """Check the responses to random requests, which are the same in each run."""
    LIMITS(given(case=cases)(lambda case: check_response(case, headers)))()


def path_values(operation: AnyOperation, owner: PopulatedTenant) -> dict[str, str]:
    """Return the ids of the owner's rows for an operation's path."""
    known = FIXED_PARAMETERS | {name: str(value) for name, value in owner.ids.items()}
    return {parameter.name: known[parameter.name] for parameter in operation.path_parameters}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda found: found.label)
def test_valid_requests_for_existing_rows_are_answered_as_documented(
    operation: AnyOperation, owner: PopulatedTenant, headers: dict[str, str]
) -> None:
    check_responses(operation.as_strategy(path_parameters=path_values(operation, owner)), headers)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda found: found.label)
def test_invalid_requests_are_answered_as_documented(operation: AnyOperation, headers: dict[str, str]) -> None:
    check_responses(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE), headers)


@BOUNDARIES.parametrize()
@LIMITS
def test_examples_and_boundary_values_are_answered_as_documented(case: Case[Any], headers: dict[str, str]) -> None:
    check_response(case, headers)
