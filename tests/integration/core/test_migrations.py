"""Models and migrations are consistent."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db(databases=["default", "owner"])
def test_models_have_no_missing_migration(capsys: pytest.CaptureFixture[str]) -> None:
    """`makemigrations` finds no changes."""
    try:
        call_command("makemigrations", check_changes=True, dry_run=True)
    except SystemExit:
        pytest.fail(capsys.readouterr().out)
