"""One real PostgreSQL for the whole run; rows reach it as the application role, so that the wall is always up."""

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

from refinery.settings.base import database
from refinery.stack.services import PostgresServer, start_postgres

os.environ.setdefault("OMP_THREAD_LIMIT", "1")

BROWSER = "tests/e2e/"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """Keep the tests of a file in one process, and those of the browser, which share a program that runs."""
    return ByFile(config, log)


class ByFile(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """Files in the order in which they are found; those of the browser are one."""

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else super()._split_scope(nodeid)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser's tests first where others run beside them, for they take the longest; last elsewhere."""
    beside = "PYTEST_XDIST_WORKER" in os.environ
    items.sort(key=lambda item: _of_browser(item) != beside)


def _of_browser(item: pytest.Item) -> bool:
    return item.nodeid.startswith(BROWSER)


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder for the run's data, short enough for a Unix socket's path."""
    with tempfile.TemporaryDirectory(prefix="rf-", ignore_cleanup_errors=True) as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


@pytest.fixture(scope="session")
def postgres(folder: Path) -> Iterator[PostgresServer]:
    """Start the embedded PostgreSQL with its roles."""
    server = start_postgres(folder / "pg", durable=False)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def django_db_setup(postgres: PostgresServer, folder: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Point Django at it, and migrate as the owner."""
    with django_db_blocker.unblock():
        for alias, url in (("default", postgres.url_app), ("owner", postgres.url_owner)):
            connections[alias].close()
            connections[alias].settings_dict.update(database(url))
        call_command("migrate", database="owner", verbosity=0)
        yield
        for connection in connections.all():
            connection.close()


@pytest.fixture(autouse=True)
def stored_files(settings: Settings, tmp_path: Path) -> Path:
    """Keep each test's files in its own folder."""
    place = tmp_path / "files"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(place), "base_url": None, "allow_overwrite": True},
        },
    }
    return place


KEPT = {"django_migrations", "django_content_type", "auth_permission"}


@pytest.fixture
def committed_db(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, postgres: PostgresServer
) -> Iterator[None]:
    """Let a test commit, so that other connections and processes see its rows; all are emptied afterwards."""
    with django_db_blocker.unblock():
        yield
        for connection in connections.all():
            connection.close()
    with psycopg.connect(postgres.url_superuser, autocommit=True) as owner:
        names = [row[0] for row in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        tables = ", ".join(f'"{name}"' for name in names if name not in KEPT)
        owner.execute(f"TRUNCATE {tables} CASCADE".encode())
