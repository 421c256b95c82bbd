"""Models and migrations say the same."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db(databases=["default", "owner"])
def test_no_migration_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    """`makemigrations` finds nothing to write."""
    try:
        call_command("makemigrations", check_changes=True, dry_run=True)
    except SystemExit:
        pytest.fail(capsys.readouterr().out)
