"""A client that openapi-python-client generates from the OpenAPI document works with the program."""

import importlib
import json
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import httpx
import pytest
from django.core.wsgi import get_wsgi_application
from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.web.openapi import published_schema
from tests.support.factories.documents import FieldSample, make_document
from tests.support.factories.tenants import TenantFixture
from tests.support.in_process import open_connections

PACKAGE = "refinery_client"
FILE_TYPES = dict.fromkeys(("image/jpeg", "application/pdf", "application/xml"), "application/octet-stream")
ADDRESS = "http://testserver"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Generate the client, import it and return the package's name."""
    folder = tmp_path_factory.mktemp("client")
    source = folder / "openapi.json"
    source.write_bytes(published_schema()[0])
    options = ConfigFile(package_name_override=PACKAGE, post_hooks=[], content_type_overrides=FILE_TYPES)
    config = Config.from_sources(options, MetaType.NONE, source, "utf-8", overwrite=True, output_path=folder / PACKAGE)
    assert [str(error) for error in generate(config=config)] == []
    sys.path.insert(0, str(folder))
    yield PACKAGE
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.fixture
def client(package: str, tenant: TenantFixture) -> Iterator[Any]:
    """Return the generated client with an API key; it sends its requests within the test's transaction."""
    key = tenant.create_key(Role.ORG_ADMIN).key
    made = importlib.import_module(package).AuthenticatedClient(ADDRESS, token=key)
    transport = httpx.WSGITransport(app=get_wsgi_application(), raise_app_exceptions=True)
    headers = {"Authorization": f"Bearer {key}"}
    with open_connections(), httpx.Client(transport=transport, base_url=ADDRESS, headers=headers) as http:
        yield made.set_httpx_client(http)


def api(package: str, module: str) -> ModuleType:
    """Return the module of an operation."""
    return importlib.import_module(f"{package}.api.{module}")


def list_operations() -> list[str]:
    """Return the operations without path parameters that answer a list."""
    document = json.loads(published_schema()[0])
    return [
        f"{operation['tags'][0].replace('-', '_')}.{operation['operationId']}"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method == "get" and "{" not in path and "Paginated" in json.dumps(operation["responses"].get("200", {}))
    ]


@pytest.mark.parametrize("operation", list_operations())
def test_generated_client_parses_every_list(operation: str, package: str, client: Any) -> None:  # noqa: ANN401 - generated
    page = api(package, operation).sync(client=client)
    assert isinstance(page.results, list)
    assert page.next_ is None


def test_generated_client_follows_pages(package: str, client: Any, tenant: TenantFixture) -> None:  # noqa: ANN401 - generated
    names = [make_document(tenant, filename=f"{number}.pdf").filename for number in range(3)]
    listing = api(package, "documents.documents_list")
    first = listing.sync(client=client, limit=2)
    cursor = httpx.URL(first.next_).params["cursor"]
    second = listing.sync(client=client, limit=2, cursor=cursor)
    assert [row.filename for row in (*first.results, *second.results)] == names[::-1]
    assert second.next_ is None


def test_generated_client_reads_a_document_and_its_fields(
    package: str,
    client: Any,  # noqa: ANN401 - generated
    tenant: TenantFixture,
) -> None:
    document = make_document(tenant, fields=(FieldSample("total", "120.00"),))
    found = api(package, "documents.documents_retrieve").sync(document.id, client=client)
    assert (found.id, found.mail_headers) == (document.id, None)
    (field,) = api(package, "documents.documents_fields_list").sync(document.id, client=client)
    assert (field.name, field.value) == ("total", "120.00")


def test_generated_client_parses_problems(package: str, client: Any) -> None:  # noqa: ANN401 - generated
    problem = api(package, "batches.batches_retrieve").sync("0198c2a4-0000-7000-8000-000000000000", client=client)
    assert (problem.status, problem.type_) == (404, "urn:refinery:problem:not-found")


def test_generated_client_creates_a_key(package: str, client: Any, tenant: TenantFixture) -> None:  # noqa: ANN401 - generated
    models = importlib.import_module(f"{package}.models")
    body = models.KeyCreateRequest(name="scanner", role=models.RoleEnum("viewer"))
    made = api(package, "api_keys.create_api_key").sync(client=client, body=body)
    with tenant_scope(tenant.tenant_id):
        assert made.key.startswith(made.prefix)
