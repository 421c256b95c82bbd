"""One real PostgreSQL server per test run; tests connect as the application role, so RLS always applies."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker, Settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from refinery.settings.base import database, with_prepared_statements
from refinery.stack.services import PostgresServer, start_postgres

os.environ.setdefault("OMP_THREAD_LIMIT", "1")

E2E_PREFIX = "tests/e2e/"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """Keep the tests of a file in one process, and all browser tests in one process, because they share one program."""
    return FileScheduling(config, log)


class FileScheduling(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """Scheduling by file, in collection order; all browser tests count as one file."""

    def _split_scope(self, nodeid: str) -> str:
        return E2E_PREFIX if nodeid.startswith(E2E_PREFIX) else super()._split_scope(nodeid)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the browser tests first under xdist, because they take the longest; otherwise run them last."""
    under_xdist = "PYTEST_XDIST_WORKER" in os.environ
    items.sort(key=lambda item: _is_browser_test(item) != under_xdist)


NOT_TRACED = (
    "tests/architecture/",  # separate processes, documents, samples
    "tests/e2e/",  # the program runs in separate processes
    "tests/unit/benchmarks/",
    "tests/unit/ingestion/adapters/",  # mostly in child processes
    "tests/unit/samples/",
)
TRACED = ("tests/architecture/test_reference.py", "tests/architecture/test_settings.py")  # run refinery.api.reference


def pytest_itemcollected(item: pytest.Item) -> None:
    """Disable line tracing for tests that it only slows down without adding coverage."""
    if item.nodeid.startswith(NOT_TRACED) and not item.nodeid.startswith(TRACED):
        item.add_marker("no_cover")


def _is_browser_test(item: pytest.Item) -> bool:
    return item.nodeid.startswith(E2E_PREFIX)


@pytest.fixture(scope="session")
def run_folder() -> Iterator[Path]:
    """Yield a folder for the run's data whose path is short enough for a Unix socket."""
    with tempfile.TemporaryDirectory(prefix="rf-", ignore_cleanup_errors=True) as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


@pytest.fixture(scope="session")
def postgres(run_folder: Path) -> Iterator[PostgresServer]:
    """Start the embedded PostgreSQL and create its roles."""
    server = start_postgres(run_folder / "pg", durable=False)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def django_db_setup(postgres: PostgresServer, run_folder: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Point Django at the embedded PostgreSQL and migrate as the owner."""
    with django_db_blocker.unblock():
        for alias, url in (("default", postgres.url_app), ("owner", postgres.url_owner)):
            connections[alias].close()
            connections[alias].settings_dict.update(with_prepared_statements(database(url)))
        call_command("migrate", database="owner", verbosity=0)
        yield
        for connection in connections.all():
            connection.close()


@pytest.fixture(autouse=True)
def stored_files(settings: Settings, tmp_path: Path) -> Path:
    """Store each test's files in a separate folder."""
    place = tmp_path / "files"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "refinery.core.web.file_store.DurableFileStorage",
            "OPTIONS": {"location": str(place), "base_url": None, "allow_overwrite": True},
        },
    }
    return place


PRESERVED_TABLES = {"django_migrations", "django_content_type", "auth_permission"}


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker, postgres: PostgresServer) -> Iterator[None]:
    """Let a test commit, so that other connections and processes see its rows; truncate the tables afterwards."""
    with django_db_blocker.unblock():
        yield
        for connection in connections.all():
            connection.close()
    with psycopg.connect(postgres.url_superuser, autocommit=True) as owner:
        names = [row[0] for row in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        tables = ", ".join(f'"{name}"' for name in names if name not in PRESERVED_TABLES)
        owner.execute(f"TRUNCATE {tables} CASCADE".encode())
