"""What can be set is told, and a test run takes nothing from a running program."""

import os
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from refinery.settings.env import ROOT, Env

OPERATIONS = Path(ROOT / "docs" / "operations.md")


def test_every_variable_is_documented() -> None:
    """`manage.py environment` writes the table anew."""
    said = StringIO()
    call_command("environment", stdout=said)
    assert said.getvalue().strip() in OPERATIONS.read_text()
    assert len(said.getvalue().splitlines()) == len(Env.model_fields) + 2


class Installed:
    """Refinery's settings in a checkout of their own, whose data folder belongs to a running program."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(ROOT / "refinery" / "settings", root / "refinery" / "settings")
        (root / "refinery" / "__init__.py").touch()
        (root / "var").mkdir()
        (root / "var" / "environment").write_text("DATABASE_URL=postgresql://refinery_app@/theirs\n")

    def database(self, settings: str, **environment: str) -> str:
        """Give the name of the database that these settings lead to."""
        return self.asked(settings, "settings.DATABASES['default']['NAME']", **environment)

    def asked(self, settings: str, expression: str, **environment: str) -> str:
        """Give what an expression is worth to a program with these settings."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        modules = f"from refinery.settings import {settings} as settings; from refinery.settings.env import env"
        done = subprocess.run(
            [sys.executable, "-c", f"{modules}; print({expression})"],
            cwd=self.root,
            env={**kept, **environment},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    """A checkout with a running program."""
    return Installed(tmp_path)


def test_manage_finds_the_running_program_and_a_test_run_does_not(installed: Installed) -> None:
    """With no folder named, as `pytest` in a fresh terminal has it, and with that very folder exported."""
    theirs = str(installed.root / "var")
    assert installed.database("local") == installed.database("local", REFINERY_VAR=theirs) == "theirs"
    assert installed.database("test") == installed.database("test", REFINERY_VAR=theirs) == "refinery"


def test_a_test_run_keeps_a_folder_that_is_its_own(installed: Installed) -> None:
    """Processes that a test starts find its files there."""
    own = str(installed.root / "own")
    assert installed.asked("test", "env.refinery_var", REFINERY_VAR=own) == own
