"""Models and migrations are consistent, and tables of another version are refused."""

import pytest
from django.core.checks import CheckMessage, Tags, run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

BOTH = pytest.mark.django_db(databases=["default", "owner"])


@BOTH
def test_models_have_no_missing_migration(capsys: pytest.CaptureFixture[str]) -> None:
    """`makemigrations` finds no changes."""
    try:
        call_command("makemigrations", check_changes=True, dry_run=True)
    except SystemExit:
        pytest.fail(capsys.readouterr().out)


@BOTH
def test_migrate_refuses_tables_of_another_version() -> None:
    """With the hint what to do; nothing is migrated."""
    MigrationRecorder(connections["owner"]).record_applied("review", "0009_rereading")
    with pytest.raises(SystemCheckError, match=r"review\.0009_rereading is unknown here.*\s+HINT: Use a new database"):
        call_command("migrate", database="owner", skip_checks=False)


@BOTH
def test_migration_check_ignores_other_apps_and_databases() -> None:
    """Another package's app may have any migration, and the application's role migrates nothing."""
    recorder = MigrationRecorder(connections["owner"])
    recorder.record_applied("guardian", "0099_later")
    assert check("owner") == []
    recorder.record_applied("tenancy", "0099_later")
    assert [error.id for error in check("owner")] == ["refinery.E001"]
    assert check("default") == []


@BOTH
def test_migration_check_accepts_new_database() -> None:
    """It has no table of migrations yet."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE django_migrations RENAME TO elsewhere")
    assert check("owner") == []


def check(alias: str) -> list[CheckMessage]:
    return run_checks(tags=[Tags.database], databases=[alias])
