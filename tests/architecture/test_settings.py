"""What can be set is told: the table in the documentation is the one that the code gives."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command

from refinery.settings.env import ROOT, Env

OPERATIONS = Path(ROOT / "docs" / "operations.md")


def test_every_variable_is_documented() -> None:
    """`manage.py environment` writes the table anew."""
    said = StringIO()
    call_command("environment", stdout=said)
    assert said.getvalue().strip() in OPERATIONS.read_text()
    assert len(said.getvalue().splitlines()) == len(Env.model_fields) + 2
