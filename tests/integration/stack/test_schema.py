"""Tables are migrated when anything that determines them has changed."""

from pathlib import Path

import pytest

from refinery.stack.schema import PACKAGES, REQUIREMENTS_FILE, fingerprint, is_current, mark_current
from refinery.stack.services import PostgresServer


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for package in PACKAGES:
        (tmp_path / package / "migrations").mkdir(parents=True)
        (tmp_path / package / "models.py").write_text("one = 1\n")
    (tmp_path / "requirements").mkdir()
    (tmp_path / REQUIREMENTS_FILE).write_text("django==5.2.19\n")
    return tmp_path


@pytest.mark.parametrize(
    "changed",
    [
        "review/migrations/0002_more.py",
        "quality/models.py",
        "ingestion/models/documents.py",
        "refinery/core/tenancy/models.py",
        REQUIREMENTS_FILE,
    ],
)
def test_fingerprint_changes_with_schema_files(project: Path, changed: str) -> None:
    before = fingerprint(project)
    (project / changed).parent.mkdir(parents=True, exist_ok=True)
    (project / changed).write_text("two = 2\n")
    assert fingerprint(project) != before


def test_fingerprint_ignores_other_code(project: Path) -> None:
    before = fingerprint(project)
    (project / "review" / "views.py").write_text("three = 3\n")
    assert fingerprint(project) == before == fingerprint(project)


def test_mark_current_is_stored_in_database(postgres: PostgresServer) -> None:
    postgres.create_database("schema_mark")
    url = postgres.url("refinery_owner", "schema_mark")
    assert not is_current(url, "a'b")
    mark_current(url, "a'b")
    assert is_current(url, "a'b")
    assert not is_current(url, "c")
